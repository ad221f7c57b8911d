// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConsensusFormsTest {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 40, 32 << 20);

  private static ParameterValues values(long validators) {
    return WORKLOAD.defaults().with("validators", validators);
  }

  @Test
  void aSampleHasAboutSoManyMessagesAndTwoRoundsAtLeast() {
    var forms = new ConsensusForms(1 << 20);
    assertEquals(1, forms.rounds("launch", values(1_000)));
    int rounds = forms.rounds(ConsensusForms.STREAMED, values(1_000));
    double expected = ConsensusParameters.of(values(1_000)).expectedMessages();
    assertEquals(1 << 20, rounds * expected, expected);
    assertEquals(2, forms.rounds(ConsensusForms.RESIDENT, values(1_048_576)));
    assertEquals(
        ConsensusRotation.MAX_ROUNDS_OF_SAMPLE, forms.rounds(ConsensusForms.STREAMED, values(4)));
    assertEquals(
        7,
        forms.rounds(ConsensusForms.STREAMED, values(4).withTuning(ConsensusWorkload.ROUNDS, 7L)));
  }

  /** The largest size that fits is found by bisection. */
  @Test
  void theFootprintNeverFallsWhenValidatorsGrowByAnyPath() {
    var random = new Random(7);
    for (Engine engine : List.of(new CudaEngine(), new HostEngine(), new JavaEngine())) {
      for (String path : engine.paths(ConsensusWorkload.ID)) {
        for (int i = 0; i < 2_000; i++) {
          long validators = 4 + random.nextLong(1L << (4 + random.nextInt(16)));
          long more = validators + random.nextLong(1L << random.nextInt(16));
          long before = engine.footprintBytes(WORKLOAD, Mode.of(path), values(validators), FACTS);
          long after =
              engine.footprintBytes(
                  WORKLOAD, Mode.of(path), values(Math.min(more, 1 << 20)), FACTS);
          assertTrue(before <= after, path + ": " + validators + " and " + more);
        }
      }
    }
  }

  @Test
  void theFootprintHoldsAllRoundsInRotation() {
    for (long validators : List.of(4L, 64L, 1_000L, 10_000L, 300_000L, 1_048_576L)) {
      for (String path : List.of("launch", ConsensusForms.STREAMED, ConsensusForms.RESIDENT)) {
        var parameters = ConsensusParameters.of(values(validators));
        int rounds = ConsensusForms.OF_DEVICE.rounds(path, values(validators));
        var rotation = new ConsensusRotation(parameters, FACTS, rounds);
        double bytes =
            rotation.rounds() * parameters.expectedMessages() * ConsensusRound.MESSAGE_BYTES
                + rotation.rounds() * (validators / 4.0 + 96)
                + rounds * (validators / 4.0 + 96);
        long bound = ConsensusForms.OF_DEVICE.footprintBytes(path, values(validators), FACTS);
        assertTrue(bytes <= bound, path + " " + validators + ": " + bytes + ", " + bound);
      }
    }
  }
}
