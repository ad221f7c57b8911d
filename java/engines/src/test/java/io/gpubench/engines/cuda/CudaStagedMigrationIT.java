// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Migrations through the host on the first GPU. */
@Tag("gpu")
class CudaStagedMigrationIT extends CudaStagedMigrationContract {
  CudaStagedMigrationIT() {
    super("0");
  }
}
