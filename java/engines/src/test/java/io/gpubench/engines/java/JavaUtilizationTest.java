// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.utilization.UtilizationContract;
import io.gpubench.engines.utilization.UtilizationKernels;
import io.gpubench.measure.spi.Engine;

class JavaUtilizationTest extends UtilizationContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }

  @Override
  protected UtilizationKernels kernels(int threads) {
    return new JavaUtilizationKernels(threads);
  }
}
