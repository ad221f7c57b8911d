// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.engines.processors.ProcessorAdapters;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.List;

/** Optimised plain Java on this machine's processors. Immutable. */
public final class JavaEngine implements Engine {
  private final ProcessorAdapters adapters;

  /** Runs our workloads. */
  public JavaEngine() {
    this(List.of());
  }

  /**
   * Runs others too.
   *
   * @param guests of plugins, of which {@link ProcessorAdapter}s for this engine are taken
   */
  public JavaEngine(List<Adapter> guests) {
    adapters = new ProcessorAdapters("java", JavaAdapters.all(), guests);
  }

  @Override
  public String id() {
    return "java";
  }

  @Override
  public String summary() {
    return "optimised Java on the processors of this machine";
  }

  @Override
  public List<String> paths(String workloadId) {
    return adapters.paths(workloadId);
  }

  @Override
  public List<PreparedRun.Clock> clocks(String workloadId, String path) {
    return adapters.clocks(workloadId);
  }

  @Override
  public List<Mode.Cache> caches(String workloadId, String path) {
    return adapters.caches(workloadId);
  }

  @Override
  public List<Parameter> tuning(String workloadId, String path) {
    return adapters.tuning(workloadId, path);
  }

  @Override
  public void check(String workloadId, Mode mode, ParameterValues values) {
    adapters.check(workloadId, mode, values);
  }

  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return adapters.footprintBytes(workload, mode, values, facts);
  }

  @Override
  public Session open(Options options) {
    return new JavaSession(options, adapters);
  }
}
