// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PreadFileTest extends PageFileContract {
  private static MemorySegment pool = MemorySegment.NULL;

  @BeforeAll
  static void startThreads() {
    if (NativeLibraries.problem("host").isEmpty()) {
      try (var arena = Arena.ofConfined()) {
        MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
        assertEquals(Host.GPUBENCH_HOST_OK(), Host.gpubench_pool_create(3, place));
        pool = place.get(ValueLayout.ADDRESS, 0);
      }
    }
  }

  @AfterAll
  static void endThreads() {
    if (pool.address() != 0) {
      Host.gpubench_pool_destroy(pool);
    }
  }

  @Override
  protected PageFile open(PageFile.Order order) {
    return new PreadFile(order, pool);
  }

  @Override
  protected Optional<String> skipReason() {
    return NativeLibraries.problem("host");
  }
}
