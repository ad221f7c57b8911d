// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.launch.Launch;
import java.util.List;
import java.util.Optional;

/** How engines on the processors can time a workload. */
public final class ProcessorModes {
  private ProcessorModes() {}

  /**
   * The clocks, the preferred one first: batches for launches, since one is hardly longer than
   * reading the clock takes; else the host's alone.
   */
  public static List<Clock> clocks(String workloadId) {
    Optional<Launch> launch = Launch.of(workloadId);
    return launch.isPresent() && launch.get() != Launch.FFM
        ? List.of(Clock.BATCH, Clock.HOST)
        : List.of(Clock.HOST);
  }

  /** What caches may hold; a comparison of two loops is about hot ones only. */
  public static List<Cache> caches(String workloadId) {
    return Launch.of(workloadId).equals(Optional.of(Launch.FFM))
        ? List.of(Cache.HOT)
        : List.of(Cache.HOT, Cache.COLD);
  }
}
