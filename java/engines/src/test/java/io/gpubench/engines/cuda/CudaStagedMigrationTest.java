// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Optional;

/** Migrations through the host on the simulated device. */
class CudaStagedMigrationTest extends CudaStagedMigrationContract {
  CudaStagedMigrationTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }
}
