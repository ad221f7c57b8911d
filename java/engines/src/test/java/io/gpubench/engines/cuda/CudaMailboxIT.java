// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** The resident kernel on the first GPU. */
@Tag("gpu")
class CudaMailboxIT extends CudaMailboxContract {
  CudaMailboxIT() {
    super("0");
  }
}
