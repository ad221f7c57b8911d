// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How TornadoVM runs our workloads. */
final class TornadoAdapters {
  /** By the workload's id. */
  private static final Map<String, TornadoAdapter> ALL =
      Map.ofEntries(
          Map.entry(ConsensusWorkload.ID, new TornadoConsensus()),
          Map.entry(Ceiling.COPY.id(), new CeilingAdapter(Ceiling.COPY)),
          Map.entry(Ceiling.TRIAD.id(), new CeilingAdapter(Ceiling.TRIAD)),
          Map.entry(Synthesis.MATCH.id(), new TornadoSynthesisAdapter(Synthesis.MATCH)),
          Map.entry(Synthesis.EXPAND.id(), new TornadoSynthesisAdapter(Synthesis.EXPAND)));

  private TornadoAdapters() {}

  /** Of a workload; null when it has no kernels for it. */
  static @Nullable TornadoAdapter of(String workload) {
    return ALL.get(workload);
  }
}
