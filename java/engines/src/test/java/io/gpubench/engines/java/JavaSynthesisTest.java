// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisContract;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.synthesis.Filter;

class JavaSynthesisTest extends SynthesisContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected Filter filter(MatchVariant variant) {
    return variant == MatchVariant.INDEX ? Filter.KIND_SYMBOL : Filter.NONE;
  }

  @Override
  protected SynthesisKernels kernels(int threads) {
    return new JavaSynthesisKernels(threads);
  }
}
