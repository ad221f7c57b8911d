// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;
import java.util.Map;

/** How this engine runs a workload. Immutable; knows of no device before it prepares a run. */
interface CudaAdapter {
  /** Those of all workloads, by their ids. */
  Map<String, CudaAdapter> ALL = Map.of(ConsensusWorkload.ID, new CudaConsensusAdapter());

  /** {@link io.gpubench.measure.spi.Engine#paths}; at least one. */
  List<String> paths();

  /** {@link io.gpubench.measure.spi.Engine#clocks}, for one of the paths. */
  List<Clock> clocks(String path);

  /** {@link io.gpubench.measure.spi.Engine#caches}, for one of the paths. */
  List<Mode.Cache> caches(String path);

  /**
   * {@link io.gpubench.measure.spi.Session#prepare}. What the device refuses may leave as the
   * exception of the driver.
   *
   * @param mode whose path, clock and caches are among the above
   */
  PreparedRun prepare(CudaSession session, Mode mode, ParameterValues values, MachineFacts facts);
}
