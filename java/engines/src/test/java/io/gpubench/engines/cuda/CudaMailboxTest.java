// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** The resident kernel on the simulated device. */
class CudaMailboxTest extends CudaMailboxContract {
  CudaMailboxTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
