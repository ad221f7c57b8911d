// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that an engine on the processors runs. Immutable. */
public final class ProcessorAdapters {
  /** The path that all have: a call. */
  public static final String CALL = "call";

  private final String engine;
  private final Map<String, ProcessorAdapter> byWorkload;

  /**
   * The adapters of an engine.
   *
   * @param engine its id
   * @param own its own, by the workload's id
   * @param others of plugins, of which those are taken that are for this engine
   */
  public ProcessorAdapters(String engine, Map<String, ProcessorAdapter> own, List<Adapter> others) {
    this.engine = engine;
    var all = new HashMap<>(own);
    for (Adapter other : others) {
      if (other.engine().equals(engine) && other instanceof ProcessorAdapter adapter) {
        all.putIfAbsent(other.workload(), adapter);
      }
    }
    byWorkload = Map.copyOf(all);
  }

  /** {@link io.gpubench.measure.spi.Engine#paths}. */
  public List<String> paths(String workloadId) {
    ProcessorAdapter adapter = byWorkload.get(workloadId);
    return adapter == null ? List.of() : adapter.paths();
  }

  /** {@link io.gpubench.measure.spi.Engine#tuning}. */
  public List<Parameter> tuning(String workloadId, String path) {
    ProcessorAdapter adapter = byWorkload.get(workloadId);
    return adapter == null ? List.of() : adapter.tuning(path);
  }

  /** {@link io.gpubench.measure.spi.Engine#check}. */
  public void check(String workloadId, Mode mode, ParameterValues values) {
    ProcessorAdapter adapter = byWorkload.get(workloadId);
    if (adapter != null) {
      adapter.check(mode, values);
    }
  }

  /** {@link io.gpubench.measure.spi.Engine#footprintBytes}. */
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    ProcessorAdapter adapter = byWorkload.get(workload.id());
    return adapter == null
        ? workload.footprintBytes(values, facts)
        : adapter.footprintBytes(workload, mode, values, facts);
  }

  /** {@link io.gpubench.measure.spi.Engine#clocks}. */
  public List<Clock> clocks(String workloadId) {
    ProcessorAdapter adapter = byWorkload.get(workloadId);
    return adapter == null ? List.of(Clock.HOST) : adapter.clocks();
  }

  /** {@link io.gpubench.measure.spi.Engine#caches}. */
  public List<Mode.Cache> caches(String workloadId) {
    ProcessorAdapter adapter = byWorkload.get(workloadId);
    return adapter == null ? List.of(Mode.Cache.HOT) : adapter.caches();
  }

  /**
   * {@link io.gpubench.measure.spi.Session#prepare}.
   *
   * @param threads with which the engine was opened
   */
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts, int threads) {
    ProcessorAdapter adapter = byWorkload.get(workload.id());
    if (adapter == null || !adapter.paths().contains(mode.path())) {
      throw new EngineException(
          "the engine '%s' has no path '%s' for the workload '%s'"
              .formatted(engine, mode.path(), workload.id()));
    }
    int available = Math.min(threads, facts.processors());
    PreparedRun run =
        adapter.prepare(new ProcessorAdapter.Order(workload, mode, values, facts, available));
    return mode.cache() == Mode.Cache.COLD && run instanceof Wakeable wakeable
        ? new ColdCaches(wakeable, facts, available)
        : run;
  }
}
