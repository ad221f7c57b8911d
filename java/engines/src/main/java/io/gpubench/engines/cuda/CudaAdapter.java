// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How this engine runs a workload. Immutable; knows of no device before it prepares a run. */
interface CudaAdapter {
  /**
   * Those of all workloads, by their ids.
   *
   * @param guests of plugins, of which those are taken that are for this engine
   */
  static Map<String, CudaAdapter> all(List<Adapter> guests) {
    var all = new HashMap<String, CudaAdapter>();
    all.put(ConsensusWorkload.ID, new CudaConsensusAdapter());
    all.putAll(CudaCeilingAdapter.all());
    all.putAll(CudaLaunchAdapter.all());
    all.putAll(CudaSynthesisAdapter.all());
    all.put(MigrationWorkload.ID, new CudaMigrationAdapter());
    all.put(UtilizationWorkload.ID, new CudaUtilizationAdapter());
    for (Adapter guest : guests) {
      if (guest.engine().equals(CudaEngine.ID) && guest instanceof CudaAdapter adapter) {
        all.putIfAbsent(guest.workload(), adapter);
      }
    }
    return Map.copyOf(all);
  }

  /** {@link io.gpubench.measure.spi.Engine#paths}; at least one. */
  List<String> paths();

  /** {@link io.gpubench.measure.spi.Engine#clocks}, for one of the paths. */
  List<Clock> clocks(String path);

  /** {@link io.gpubench.measure.spi.Engine#caches}, for one of the paths. */
  List<Mode.Cache> caches(String path);

  /** {@link io.gpubench.measure.spi.Engine#tuning}, for one of the paths. */
  default List<Parameter> tuning(String path) {
    return List.of();
  }

  /** {@link io.gpubench.measure.spi.Engine#check}. */
  default void check(Mode mode, ParameterValues values) {}

  /** {@link io.gpubench.measure.spi.Engine#footprintBytes}. */
  default long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return workload.footprintBytes(values, facts);
  }

  /**
   * {@link io.gpubench.measure.spi.Session#prepare}. What the device refuses may leave as the
   * exception of the driver.
   *
   * @param workload the one that is registered, of the id that the adapter is for
   * @param mode whose path, clock and caches are among the above
   */
  PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts);
}
