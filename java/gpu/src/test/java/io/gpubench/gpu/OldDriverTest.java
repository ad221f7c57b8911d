// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** The simulated driver plays older ones. */
class OldDriverTest {
  private static void pretend(int version) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int code =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom("GPUBENCH_SIM_DRIVER_VERSION"),
                  arena.allocateFrom(Integer.toString(version)),
                  1);
      assertEquals(0, code);
    }
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
