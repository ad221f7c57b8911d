// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Constant folding on the first GPU. */
@Tag("gpu")
class CudaRewriteIT extends CudaRewriteContract {
  CudaRewriteIT() {
    super("0");
  }
}
