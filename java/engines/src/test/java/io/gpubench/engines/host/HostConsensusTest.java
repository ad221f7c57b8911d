// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.consensus.ConsensusContract;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The contract at every instruction set that this processor has. */
class HostConsensusTest {
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

  abstract static class AtLevel extends ConsensusContract {
    private final Simd simd;

    AtLevel(Simd simd) {
      this.simd = simd;
    }

    @Override
    protected Engine engine() {
      return new HostEngine();
    }

    @Override
    protected ConsensusKernel kernel(
        ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int threads) {
      return new HostConsensusKernel(epoch, capacity, threads, simd);
    }

    @Override
    protected boolean streamed() {
      return true;
    }

    @Override
    protected Optional<String> skipReason() {
      return missing(simd);
    }
  }

  /** What is missing for tests at that level: the library, or the instructions. */
  static Optional<String> missing(Simd simd) {
    return missingLibrary()
        .or(() ->
            Simd.available().contains(simd)
                ? Optional.empty()
                : Optional.of("this processor has no " + simd.label));
  }

  /** Why the library is absent; a failure where the environment says that it must be there. */
  static Optional<String> missingLibrary() {
    Optional<String> problem = NativeLibraries.problem(HostEngine.LIBRARY);
    if (problem.isPresent() && System.getenv("GPUBENCH_REQUIRE_HOST") != null) {
      throw new AssertionError(problem.get());
    }
    return problem;
  }
}
