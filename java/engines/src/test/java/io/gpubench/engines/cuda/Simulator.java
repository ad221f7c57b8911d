// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
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

  /** Sets a variable where native code looks for it; Java's own copy stays as it was. */
  @SuppressWarnings("restricted") // a call of native code is
  static void setEnvironment(String name, String value) {
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
      if (code != 0) {
        throw new IllegalStateException("setenv: " + code);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
