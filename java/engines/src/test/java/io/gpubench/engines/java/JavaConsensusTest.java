// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.consensus.ConsensusContract;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.consensus.ConsensusEpoch;

class JavaConsensusTest extends ConsensusContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected ConsensusKernel kernel(
      ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int threads) {
    return capacity.roundsOfSample() == 1
        ? new JavaConsensusKernel(epoch, capacity, threads)
        : JavaConsensusStream.open(epoch, capacity, threads);
  }

  @Override
  protected boolean streamed() {
    return true;
  }
}
