// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusForms;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.util.List;

/**
 * The paths of consensus by which a sample is many rounds: {@code streamed}, by the host's clock
 * from page-locked memory to page-locked memory, and {@code resident}, on the device alone.
 */
final class CudaConsensusThroughput {
  private CudaConsensusThroughput() {}

  /** The clocks of a path. */
  static List<Clock> clocks(String path) {
    return path.equals(ConsensusForms.STREAMED)
        ? List.of(Clock.HOST)
        : List.of(Clock.HOST, Clock.DEVICE, Clock.BATCH);
  }

  /** The states of the caches. */
  static List<Mode.Cache> caches(String path) {
    return path.equals(ConsensusForms.STREAMED)
        ? List.of(Mode.Cache.HOT)
        : List.of(Mode.Cache.HOT, Mode.Cache.COLD);
  }

  /** The tuning parameters of a path. */
  static List<Parameter> tuning(String path) {
    return path.equals(ConsensusForms.STREAMED)
        ? CudaRoundsTuning.OF_STREAMED
        : CudaRoundsTuning.OF_RESIDENT;
  }

  /**
   * Prepares a run.
   *
   * @param facts whose cache is the one in which rounds could stay
   */
  static PreparedRun prepare(
      CudaSession session, Mode mode, ParameterValues values, MachineFacts facts) {
    var module = session.consensus().module();
    var tuning = CudaRoundsTuning.of(values);
    int rounds = ConsensusForms.OF_DEVICE.rounds(mode.path(), values);
    if (mode.path().equals(ConsensusForms.STREAMED)) {
      return ConsensusRun.prepare(
          values,
          facts,
          rounds,
          (epoch, capacity) ->
              new CudaConsensusStream(
                  session.context(), module, epoch, capacity, tuning, facts.availableBytes()));
    }
    var rotation = new ConsensusRotation(ConsensusParameters.of(values), facts, rounds);
    return session.timed(
        new CudaConsensusRounds(
            session.timing(), module, rotation, tuning, mode.cache() == Mode.Cache.COLD),
        mode);
  }
}
