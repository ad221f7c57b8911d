// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Launches on the first GPU. */
@Tag("gpu")
class CudaLaunchIT extends CudaLaunchContract {
  CudaLaunchIT() {
    super("0");
  }
}
