// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How TornadoVM runs our workloads. */
final class TornadoAdapters {
  /** By the workload's id. */
  private static final Map<String, TornadoAdapter> ALL =
      Map.ofEntries(Map.entry(ConsensusWorkload.ID, new TornadoConsensus()));

  private TornadoAdapters() {}

  /** Of a workload; null when it has no kernels for it. */
  static @Nullable TornadoAdapter of(String workload) {
    return ALL.get(workload);
  }
}
