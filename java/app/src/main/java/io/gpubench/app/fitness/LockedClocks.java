// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.app.fitness.DeviceFacts.Clocks;
import java.util.List;

/**
 * The commands that lock a device's clocks and those that undo it, for a shell. gpubench runs none
 * of them.
 */
public final class LockedClocks {
  private LockedClocks() {}

  /** Those that lock; only comments where the clocks are not known. */
  public static List<String> lock(DeviceFacts facts) {
    Clocks clocks = facts.clocks();
    Integer processors = clocks.usual() != null ? clocks.usual() : clocks.most();
    Integer memory = clocks.memoryUsual() != null ? clocks.memoryUsual() : clocks.memoryMost();
    String change = change(facts);
    return List.of(
        change + "-pm 1",
        processors == null
            ? "# the driver does not tell which clocks the processors can have"
            : change + "-lgc %1$d,%1$d".formatted(processors),
        memory == null
            ? "# the driver does not tell which clocks the memory can have"
            : change + "-lmc %1$d,%1$d".formatted(memory));
  }

  /** Those that undo it. */
  public static List<String> undo(DeviceFacts facts) {
    return List.of(change(facts) + "-rgc", change(facts) + "-rmc");
  }

  private static String change(DeviceFacts facts) {
    return "sudo nvidia-smi -i " + facts.uuid() + " ";
  }
}
