// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Arrays on the simulated device. */
class CudaArraysTest extends CudaArraysContract {
  CudaArraysTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
