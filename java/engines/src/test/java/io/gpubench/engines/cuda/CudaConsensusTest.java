// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** Consensus on the simulated device. */
class CudaConsensusTest {
  @Nested
  class Launch extends Simulated {
    Launch() {
      super(CudaEngine.LAUNCH);
    }
  }

  @Nested
  class Graph extends Simulated {
    Graph() {
      super(CudaEngine.GRAPH);
    }
  }

  @Nested
  class Mailbox extends Simulated {
    Mailbox() {
      super(CudaLaunchAdapter.MAILBOX);
    }
  }

  @Nested
  class Clocks extends CudaConsensusClocksContract {
    Clocks() {
      super(CudaEngine.SIMULATOR);
    }

    @Override
    Optional<String> skipReason() {
      return Simulator.missing();
    }
  }

  abstract static class Simulated extends CudaConsensusContract {
    Simulated(String path) {
      super(CudaEngine.SIMULATOR, path);
    }

    @Override
    protected Optional<String> skipReason() {
      return Simulator.missing();
    }
  }
}
