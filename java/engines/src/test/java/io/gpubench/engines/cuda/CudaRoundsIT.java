// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Consensus of many rounds at once on the first GPU. */
@Tag("gpu")
class CudaRoundsIT extends CudaRoundsContract {
  CudaRoundsIT() {
    super("0");
  }
}
