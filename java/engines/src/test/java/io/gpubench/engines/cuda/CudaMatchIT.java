// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Looking for patterns on the first GPU. */
@Tag("gpu")
class CudaMatchIT extends CudaMatchContract {
  CudaMatchIT() {
    super("0");
  }
}
