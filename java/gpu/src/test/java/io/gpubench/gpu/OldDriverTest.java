// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The simulated driver plays older ones. */
class OldDriverTest {
  private static void pretend(int version) throws Throwable {
    TestDrivers.setEnvironment("GPUBENCH_SIM_DRIVER_VERSION", Integer.toString(version));
  }

  @Test
  void aDriverMustKnowCuda11Point4() throws Throwable {
    TestDrivers.simulator();
    pretend(11040);
    assertEquals(new CudaVersion(11, 4), CudaDriver.openSimulator().version());
    pretend(11030);
    var error = assertThrows(NativeUnavailableException.class, CudaDriver::openSimulator);
    assertEquals("the driver knows CUDA 11.3 at most; gpubench needs 11.4", error.getMessage());
    assertEquals("install a newer NVIDIA driver", error.remedy());
  }
}
