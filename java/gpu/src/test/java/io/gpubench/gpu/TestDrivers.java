// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import org.junit.jupiter.api.Assumptions;

/** Whose devices the contracts run on. */
final class TestDrivers {
  private TestDrivers() {}

  /** The simulated device; without it the test is skipped, or fails where it must be there. */
  static CudaDriver simulator() {
    try {
      return CudaDriver.openSimulator();
    } catch (NativeUnavailableException absent) {
      if (System.getenv("GPUBENCH_REQUIRE_HOST") != null) {
        throw absent;
      }
      return Assumptions.abort(absent.getMessage());
    }
  }
}
