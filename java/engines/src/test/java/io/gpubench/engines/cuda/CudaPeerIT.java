// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDriver;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** Pages that move between the first two GPUs. */
@Tag("gpu")
class CudaPeerIT extends CudaPeerContract {
  CudaPeerIT() {
    super("0");
  }

  @Override
  protected Optional<String> skipReason() {
    return CudaDriver.open().devices().size() > 1
        ? Optional.empty()
        : Optional.of("there is no second GPU");
  }
}
