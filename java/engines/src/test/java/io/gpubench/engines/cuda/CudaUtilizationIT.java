// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Sustained work on the first GPU. */
@Tag("gpu")
class CudaUtilizationIT extends CudaUtilizationContract {
  CudaUtilizationIT() {
    super("0");
  }
}
