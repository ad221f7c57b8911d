// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.app.fitness.DeviceFacts.Clocks;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands that lock a device's clocks and those that undo it, for a shell. gpubench runs none
 * of them.
 */
public final class LockedClocks {
  private static final List<String> NOT_HELD =
      List.of(
          "# The highest clock may not be held under load: should telemetry show sw-power-cap,",
          "# choose a lower one of 'nvidia-smi -q -d SUPPORTED_CLOCKS'.");

  private LockedClocks() {}

  /** Those that lock; only comments where the clocks are not known. */
  public static List<String> lock(DeviceFacts facts) {
    Clocks clocks = facts.clocks();
    Integer processors = clocks.usual() != null ? clocks.usual() : clocks.most();
    Integer memory = clocks.memoryUsual() != null ? clocks.memoryUsual() : clocks.memoryMost();
    String change = change(facts);
    var lines = new ArrayList<String>();
    if (unloaded(facts)) {
      lines.add(change + "-pm 1");
    }
    if (processors == null) {
      lines.add("# the driver does not tell which clocks the processors can have");
    } else {
      lines.addAll(NOT_HELD);
      lines.add(change + "-lgc %1$d,%1$d".formatted(processors));
    }
    lines.add(
        memory == null
            ? "# the driver does not tell which clocks the memory can have"
            : change + "-lmc %1$d,%1$d".formatted(memory));
    return List.copyOf(lines);
  }

  /** Those that undo it. */
  public static List<String> undo(DeviceFacts facts) {
    String change = change(facts);
    return unloaded(facts)
        ? List.of(change + "-rgc", change + "-rmc", change + "-pm 0")
        : List.of(change + "-rgc", change + "-rmc");
  }

  /** Clocks that are locked are lost when the driver unloads the device. */
  private static boolean unloaded(DeviceFacts facts) {
    return Boolean.FALSE.equals(facts.persistent());
  }

  private static String change(DeviceFacts facts) {
    return "sudo nvidia-smi -i " + facts.uuid() + " ";
  }
}
