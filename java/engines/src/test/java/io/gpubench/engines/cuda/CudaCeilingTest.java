// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Ceilings on the simulated device. */
class CudaCeilingTest extends CudaCeilingContract {
  CudaCeilingTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
