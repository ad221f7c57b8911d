// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisContract;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.synthesis.Filter;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The contract at every instruction set that this processor has. */
class HostSynthesisTest {
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

  abstract static class AtLevel extends SynthesisContract {
    private final Simd simd;

    AtLevel(Simd simd) {
      this.simd = simd;
    }

    @Override
    protected Engine engine() {
      return new HostEngine();
    }

    @Override
    protected Filter filter(MatchVariant variant) {
      return variant == MatchVariant.INDEX ? Filter.ROOT : Filter.NONE;
    }

    @Override
    protected SynthesisKernels kernels(int threads) {
      return new HostSynthesisKernels(threads, simd);
    }

    @Override
    protected Optional<String> skipReason() {
      return HostConsensusTest.missing(simd);
    }
  }
}
