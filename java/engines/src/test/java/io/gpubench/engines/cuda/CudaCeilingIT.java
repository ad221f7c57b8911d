// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import org.junit.jupiter.api.Tag;

/** Ceilings on the first GPU. */
@Tag("gpu")
class CudaCeilingIT extends CudaCeilingContract {
  CudaCeilingIT() {
    super("0");
  }
}
