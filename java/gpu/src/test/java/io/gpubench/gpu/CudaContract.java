// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/**
 * A context for each test of what every device must do; a test that leaves something open fails.
 */
abstract class CudaContract {
  private final Supplier<CudaDriver> open;
  CudaDriver driver;
  CudaContext context;

  CudaContract(Supplier<CudaDriver> open) {
    this.open = open;
  }

  @BeforeEach
  void openContext() {
    driver = open.get();
    context = CudaContext.open(driver.devices().getFirst());
  }

  @AfterEach
  void closeContext() {
    if (context != null) {
      context.close();
    }
  }

  static int[] ramp(int count) {
    return IntStream.range(0, count).map(i -> 1000 + i).toArray();
  }

  static void put(MemorySegment target, int... values) {
    MemorySegment.copy(values, 0, target, ValueLayout.JAVA_INT, 0, values.length);
  }

  static int[] ints(MemorySegment source) {
    return source.toArray(ValueLayout.JAVA_INT);
  }

  static void assertMisuse(LifecycleException.Kind kind, Executable use) {
    assertEquals(kind, assertThrows(LifecycleException.class, use).kind());
  }

  /** Less than a byte for each run, once it is compiled. */
  static void assertAllocatesNothing(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int runs = 500;
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 20 && least >= runs; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < runs; i++) {
        work.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < runs, least + " bytes in %d runs".formatted(runs));
  }

  /** Runs something on a thread of its own; its failure is thrown here. */
  static void elsewhere(Executable work) throws Throwable {
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .name("elsewhere")
        .start(() -> {
          try {
            work.execute();
            outcome.complete(null);
          } catch (Throwable failure) {
            outcome.complete(failure);
          }
        })
        .join();
    Throwable failure = outcome.join();
    if (failure != null) {
      throw failure;
    }
  }
}
