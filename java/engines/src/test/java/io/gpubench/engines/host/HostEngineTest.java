// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.consensus.ConsensusKernel.Capacity;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusRound;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostEngineTest {
  private static final ConsensusEpoch EPOCH =
      new ConsensusEpoch(new int[] {1, 1, 1, 1}, new long[8]);

  @BeforeEach
  void needsTheLibrary() {
    assumeTrue(HostConsensusTest.missingLibrary().isEmpty(), "no host library");
  }

  @Test
  void theSelfCheckNamesTheInstructionSet() {
    var check = new HostEngine().selfCheck();
    assertTrue(check.passed(), check.detail());
    assertEquals("C with " + Simd.best().label, check.detail());
  }

  @Test
  void moreThreadsThanTheLibraryAllowsIsAnEngineException() {
    var capacity = new Capacity(1, 8, 16, 4);
    var error =
        assertThrows(
            EngineException.class,
            () -> new HostConsensusKernel(EPOCH, capacity, 1_000_000, Simd.SCALAR));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith("gpubench_pool_create(1000000 threads) failed"));
  }

  @Test
  void aRoundBeyondTheCapacityIsAnEngineExceptionAndTheKernelLivesOn() {
    try (var kernel = new HostConsensusKernel(EPOCH, new Capacity(2, 1, 16, 1), 1, Simd.best())) {
      kernel.load(0, new ConsensusRound(1, 1, 2, 1, new long[16], new long[8]));
      kernel.load(1, new ConsensusRound(1, 1, 0, 0, new long[16], new long[0]));
      var error = assertThrows(EngineException.class, () -> kernel.run(0));
      assertEquals(
          "gpubench_consensus_round(slot 0) failed: more messages than there is room for",
          error.getMessage());
      kernel.poison(-1);
      kernel.run(1);
      assertArrayEquals(new long[14], ConsensusRun.answer(kernel.output()));
    }
  }
}
