// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
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

  /** Sets a variable where native code looks for it; Java's own copy stays as it was. */
  static void setEnvironment(String name, String value) throws Throwable {
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
      int code = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      assertEquals(0, code);
    }
  }
}
