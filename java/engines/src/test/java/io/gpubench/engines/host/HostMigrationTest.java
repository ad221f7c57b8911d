// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.migration.MigrationAdapter;
import io.gpubench.engines.migration.MigrationContract;
import io.gpubench.engines.migration.MigrationKernels;
import io.gpubench.measure.spi.Engine;
import java.util.Optional;

/**
 * With the widest instructions of this processor; native/test/migration_test.c tries the others.
 */
class HostMigrationTest extends MigrationContract {
  @Override
  protected Engine engine() {
    return new HostEngine();
  }

  @Override
  protected MigrationKernels kernels(String path, int threads) {
    return new HostMigrationKernels(path.equals(MigrationAdapter.URING), threads, Simd.best());
  }

  @Override
  protected Optional<String> skipReason() {
    return HostConsensusTest.missing(Simd.best());
  }
}
