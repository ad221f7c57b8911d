// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import java.util.List;

/** How an engine on the processors runs a workload. Immutable; any thread may use it. */
@FunctionalInterface
public interface ProcessorAdapter {
  /** {@link io.gpubench.measure.spi.Engine#paths}; at least one. */
  default List<String> paths() {
    return List.of(ProcessorAdapters.CALL);
  }

  /** {@link io.gpubench.measure.spi.Engine#tuning}, for one of the paths. */
  default List<Parameter> tuning(String path) {
    return List.of();
  }

  /**
   * {@link io.gpubench.measure.spi.Engine#check}.
   *
   * @param mode whose path, clock and cache are among those below and above
   * @throws io.gpubench.measure.ConfigException when mode and values contradict each other
   */
  default void check(Mode mode, ParameterValues values) {}

  /** {@link io.gpubench.measure.spi.Engine#footprintBytes}. */
  default long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return workload.footprintBytes(values, facts);
  }

  /** {@link io.gpubench.measure.spi.Engine#clocks}. */
  default List<Clock> clocks() {
    return List.of(Clock.HOST);
  }

  /**
   * {@link io.gpubench.measure.spi.Engine#caches}. Where {@link Mode.Cache#COLD} is one of them,
   * the run is {@link Wakeable}, and what clears the caches is put around it.
   */
  default List<Mode.Cache> caches() {
    return List.of(Mode.Cache.HOT, Mode.Cache.COLD);
  }

  /**
   * {@link io.gpubench.measure.spi.Session#prepare}.
   *
   * @throws io.gpubench.measure.EngineException when the engine cannot
   */
  PreparedRun prepare(Order order);

  /**
   * What a run is made from.
   *
   * @param workload the one that is registered, of the id that the adapter is for
   * @param mode whose path, clock and cache are among the above
   * @param threads so many may work on a sample, at least 1
   */
  record Order(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts, int threads) {}
}
