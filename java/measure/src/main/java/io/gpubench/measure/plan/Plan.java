// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.time.Duration;
import java.util.List;

/**
 * All measurements that are going to be made.
 *
 * @param runs in the order of the suite, each id once
 */
public record Plan(List<PlannedRun> runs) {
  public Plan {
    runs = List.copyOf(runs);
  }

  /** Upper bound of the time for all repetitions of all runs, one after the other. */
  public Duration budget() {
    return runs.stream()
        .map(run -> run.budget().multipliedBy(run.repetitions()))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The memory that the largest run takes, in bytes; runs do not share it. */
  public long footprintBytes() {
    return runs.stream().mapToLong(PlannedRun::footprintBytes).max().orElse(0);
  }
}
