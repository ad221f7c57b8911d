// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Pages that move on the first GPU. */
@Tag("gpu")
class CudaMigrationIT extends CudaMigrationContract {
  CudaMigrationIT() {
    super("0");
  }
}
