// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDriver;
import org.junit.jupiter.api.Tag;

/** Timing on the first GPU. */
@Tag("gpu")
class TimedPieceIT extends TimedPieceContract {
  @Override
  CudaDriver driver() {
    return CudaDriver.open();
  }
}
