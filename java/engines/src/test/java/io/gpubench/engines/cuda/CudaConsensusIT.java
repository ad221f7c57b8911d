// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Consensus on the first GPU. */
@Tag("gpu")
class CudaConsensusIT {
  @Nested
  class Launch extends CudaConsensusContract {
    Launch() {
      super("0", CudaEngine.LAUNCH);
    }
  }

  @Nested
  class Graph extends CudaConsensusContract {
    Graph() {
      super("0", CudaEngine.GRAPH);
    }
  }

  @Nested
  class Mailbox extends CudaConsensusContract {
    Mailbox() {
      super("0", CudaLaunchAdapter.MAILBOX);
    }
  }

  @Nested
  class Clocks extends CudaConsensusClocksContract {
    Clocks() {
      super("0");
    }
  }
}
