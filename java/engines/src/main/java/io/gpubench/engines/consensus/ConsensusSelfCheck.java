// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Known answers of the consensus workload: a few small seeded rounds, checked by the oracle. */
public final class ConsensusSelfCheck {
  /** A cache so small that a few rounds exceed it. */
  private static final long CACHE_BYTES = 64 << 10;

  /** Of a sample, where that is many. */
  private static final long ROUNDS = 3;

  private ConsensusSelfCheck() {}

  /**
   * Runs the known answers in some milliseconds.
   *
   * @param path the path by which the session runs the workload
   * @param threads so many processors may be used
   * @return null when all are right, else what is wrong, in one line
   * @throws io.gpubench.measure.EngineException when the session cannot prepare a run
   */
  public static @Nullable String mismatch(Session session, String path, int threads) {
    var workload = new ConsensusWorkload();
    var facts = new MachineFacts(threads, Long.MAX_VALUE, CACHE_BYTES);
    for (long validators : List.of(65L, 5_000L)) {
      for (String tags : List.of("siphash", "none")) {
        ParameterValues values =
            workload
                .defaults()
                .with("validators", validators)
                .with("tags", tags)
                .with("agreement", 0.95);
        if (ConsensusForms.many(path)) {
          values = values.withTuning(ConsensusWorkload.ROUNDS, ROUNDS);
        }
        try (var run = session.prepare(workload, Mode.of(path), values, facts)) {
          for (long sample = 0; sample < 4; sample++) {
            run.stage(sample);
            run.execute();
            if (!run.verify(sample)) {
              return values + ": " + run.mismatch(sample);
            }
          }
        }
      }
    }
    return null;
  }
}
