// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Launches on the simulated device. */
class CudaLaunchTest extends CudaLaunchContract {
  CudaLaunchTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
