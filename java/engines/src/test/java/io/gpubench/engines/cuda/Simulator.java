// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.NativeUnavailableException;
import java.util.Optional;

/** Whether the simulated device can be used in a test. */
final class Simulator {
  private Simulator() {}

  /** Why it is absent; a failure where the environment says that it must be there. */
  static Optional<String> missing() {
    try {
      CudaDriver.openSimulator();
      return Optional.empty();
    } catch (NativeUnavailableException e) {
      if (System.getenv("GPUBENCH_REQUIRE_HOST") != null) {
        throw e;
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
