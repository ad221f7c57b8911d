// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Consensus of many rounds at once on the simulated device. */
class CudaRoundsTest extends CudaRoundsContract {
  CudaRoundsTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
