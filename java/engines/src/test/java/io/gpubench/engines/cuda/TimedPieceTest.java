// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDriver;
import org.junit.jupiter.api.Assumptions;

/** Timing on the simulated device. */
class TimedPieceTest extends TimedPieceContract {
  @Override
  CudaDriver driver() {
    Simulator.missing().ifPresent(Assumptions::abort);
    return CudaDriver.openSimulator();
  }
}
