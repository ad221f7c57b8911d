// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Sustained work on the simulated device. */
class CudaUtilizationTest extends CudaUtilizationContract {
  CudaUtilizationTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
