// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Expansions on the first GPU. */
@Tag("gpu")
class CudaExpandIT extends CudaExpandContract {
  CudaExpandIT() {
    super("0");
  }
}
