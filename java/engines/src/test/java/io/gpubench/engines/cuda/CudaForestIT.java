// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Forests on the first GPU. */
@Tag("gpu")
class CudaForestIT extends CudaForestContract {
  CudaForestIT() {
    super("0");
  }
}
