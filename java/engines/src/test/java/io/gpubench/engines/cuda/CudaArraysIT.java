// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Arrays on the first GPU. */
@Tag("gpu")
class CudaArraysIT extends CudaArraysContract {
  CudaArraysIT() {
    super("0");
  }
}
