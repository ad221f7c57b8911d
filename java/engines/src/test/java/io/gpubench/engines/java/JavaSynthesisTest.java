// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.synthesis.SynthesisContract;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.measure.spi.Engine;

class JavaSynthesisTest extends SynthesisContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected SynthesisKernels kernels(int threads) {
    return new JavaSynthesisKernels(threads);
  }
}
