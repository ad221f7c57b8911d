// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.migration.MigrationAdapter;
import io.gpubench.engines.migration.MigrationContract;
import io.gpubench.engines.migration.MigrationKernels;
import io.gpubench.measure.spi.Engine;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** At each SIMD level of this processor. */
class HostMigrationTest {
  @Nested
  class Scalar extends AtLevel {
    Scalar() {
      super(Simd.SCALAR);
    }
  }

  @Nested
  class Avx2 extends AtLevel {
    Avx2() {
      super(Simd.AVX2);
    }
  }

  @Nested
  class Avx512 extends AtLevel {
    Avx512() {
      super(Simd.AVX512);
    }
  }

  abstract static class AtLevel extends MigrationContract {
    private final Simd simd;

    AtLevel(Simd simd) {
      this.simd = simd;
    }

    @Override
    protected Engine engine() {
      return new HostEngine();
    }

    @Override
    protected MigrationKernels kernels(String path, int threads) {
      return new HostMigrationKernels(path.equals(MigrationAdapter.URING), threads, simd);
    }

    @Override
    protected Optional<String> skipReason() {
      return HostConsensusTest.missing(simd);
    }
  }
}
