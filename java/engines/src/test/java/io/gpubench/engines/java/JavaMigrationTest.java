// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.migration.MigrationContract;
import io.gpubench.engines.migration.MigrationKernels;
import io.gpubench.measure.spi.Engine;

class JavaMigrationTest extends MigrationContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected MigrationKernels kernels(String path, int threads) {
    return new JavaMigrationKernels(threads);
  }
}
