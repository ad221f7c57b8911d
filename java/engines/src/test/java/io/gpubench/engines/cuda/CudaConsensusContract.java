// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusContract;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.List;

/** Consensus on one device by one path. What is threads elsewhere is the form of the grid here. */
abstract class CudaConsensusContract extends ConsensusContract {
  private final String device;
  private final String path;

  CudaConsensusContract(String device, String path) {
    this.device = device;
    this.path = path;
  }

  @Override
  protected Engine engine() {
    return new CudaEngine().on(device).orElseThrow();
  }

  @Override
  protected String path() {
    return path;
  }

  private static CudaConsensusGrid.Form form(int threads) {
    return switch (threads) {
      case 1 -> CudaConsensusGrid.Form.FASTEST;
      case 2 -> CudaConsensusGrid.Form.SPLIT;
      default -> CudaConsensusGrid.Form.TWO_BLOCKS;
    };
  }

  @Override
  protected ConsensusKernel kernel(
      ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int threads) {
    CudaSession session =
        device.equals(CudaEngine.SIMULATOR)
            ? CudaSession.open(CudaDriver.openSimulator(), "0", CudaAdapter.all(List.of()))
            : CudaSession.open(CudaDriver.open(), device, CudaAdapter.all(List.of()));
    return new CudaConsensusKernel(
        session.context(),
        session.consensus().module(),
        epoch,
        capacity,
        path.equals(CudaEngine.GRAPH),
        form(threads),
        null) {
      @Override
      public void close() {
        try (session) {
          super.close();
        }
      }
    };
  }
}
