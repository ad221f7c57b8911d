// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How long processors have worked for a process, as the operating system counts it. */
public final class ProcessorTime {
  private ProcessorTime() {}

  /**
   * Of a process and all that it has started and that still runs, in nanoseconds; empty when it is
   * gone or the system does not tell. Takes about a millisecond for each few hundred processes of
   * the machine.
   */
  public static OptionalLong of(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.flatMap(ProcessorTime::own).isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        process.stream()
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .flatMap(each -> own(each).stream())
            .mapToLong(Duration::toNanos)
            .sum());
  }

  private static Optional<Duration> own(ProcessHandle process) {
    return process.info().totalCpuDuration();
  }
}
