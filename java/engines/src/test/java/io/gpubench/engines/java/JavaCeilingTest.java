// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.ceiling.CeilingContract;
import io.gpubench.engines.ceiling.CeilingKernels;
import io.gpubench.measure.spi.Engine;

class JavaCeilingTest extends CeilingContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected CeilingKernels kernels(int threads) {
    return new JavaCeilingKernels(threads);
  }
}
