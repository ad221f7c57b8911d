// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the simulated driver reports in checked mode reaches Java as a {@link CudaException}. Calls
 * that the owners in this package do not let anybody make are made past them.
 */
class CheckedDriverTest {
  private static final long BYTES = 4096;

  private CudaContext context;

  @BeforeEach
  void openContext() throws Throwable {
    TestDrivers.setEnvironment("GPUBENCH_SIM_CHECK", "1"); // for this process, which has no other
    context = CudaContext.open(TestDrivers.simulator().devices().getFirst());
  }

  @AfterEach
  void closeContext() {
    if (context != null) {
      context.close();
    }
  }

  private static long allocate() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      CudaException.check(CudaApi.cuMemAlloc_v2(out, BYTES), "cuMemAlloc_v2");
      return out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  private static String refusalOf(int code, String call) {
    return assertThrows(CudaException.class, () -> CudaException.check(code, call)).text();
  }

  private static void assertMatches(String pattern, String text) {
    assertTrue(text.matches(pattern), text);
  }

  /** The context is broken by what was reported, and what is closed after it reports it again. */
  private void abandonContext() {
    assertThrows(CudaException.class, context::synchronize);
    context.close();
    context = null;
  }

  @Test
  void aDoubleFreeNamesTheFirst() {
    long address = allocate();
    CudaException.check(CudaApi.cuMemFree_v2(address), "cuMemFree_v2");
    assertMatches(
        "double free: 0x[0-9a-f]+ was freed by cuMemFree_v2, call \\d+",
        refusalOf(CudaApi.cuMemFree_v2(address), "cuMemFree_v2"));
  }

  @Test
  void aCopyFromFreedMemoryNamesWhoFreedIt() {
    long address = allocate();
    CudaException.check(CudaApi.cuMemFree_v2(address), "cuMemFree_v2");
    try (Arena arena = Arena.ofConfined()) {
      assertMatches(
          "use after free: the source begins 256 bytes into 0x[0-9a-f]+, 4096 bytes of"
              + " cuMemAlloc_v2, call \\d+, freed by cuMemFree_v2, call \\d+",
          refusalOf(
              CudaApi.cuMemcpyDtoH_v2(arena.allocate(16), address + 256, 16), "cuMemcpyDtoH_v2"));
    }
  }

  @Test
  void twoStreamsWithoutAnOrderAreARace() {
    CudaException race;
    try (var buffer = context.allocate(BYTES);
        var one = context.newStream();
        var other = context.newStream()) {
      buffer.fillAsync(one, 0, BYTES, (byte) 1);
      buffer.fillAsync(other, 0, BYTES, (byte) 2);
      throw assertThrows(CudaException.class, context::synchronize);
    } catch (CudaException reported) {
      race = reported;
    }
    assertMatches(
        "cuMemsetD8Async, call \\d+: race: .*cuMemsetD8Async, call \\d+ wrote it,"
            + " in no order with it",
        race.text());
    assertEquals("CUDA_ERROR_LAUNCH_FAILED", race.name());
    abandonContext();
  }

  @Test
  void anEventMakesAnOrder() {
    try (var buffer = context.allocate(BYTES);
        var one = context.newStream();
        var other = context.newStream();
        var event = context.newUntimedEvent()) {
      buffer.fillAsync(one, 0, BYTES, (byte) 1);
      event.record(one);
      other.waitFor(event);
      buffer.fillAsync(other, 0, BYTES, (byte) 2);
      context.synchronize();
    }
  }

  @Test
  void aSourceThatChangesBeforeTheCopyIsReported() {
    CudaException changed;
    try (var buffer = context.allocate(BYTES);
        var pinned = context.allocatePinned(BYTES);
        var stream = context.newStream()) {
      buffer.uploadAsync(stream, 0, pinned.segment());
      stream.synchronize();
      pinned.segment().set(ValueLayout.JAVA_INT, 0, 1); // it may change now
      buffer.uploadAsync(stream, 0, pinned.segment());
      pinned.segment().set(ValueLayout.JAVA_INT, 100, 7);
      throw assertThrows(CudaException.class, stream::synchronize);
    } catch (CudaException reported) {
      changed = reported;
    }
    assertMatches(
        "cuMemcpyHtoDAsync_v2, call \\d+: source changed: the host has written to bytes 64 to 127"
            + " of the 4096 bytes between the call and the copy",
        changed.text());
    abandonContext();
  }

  @Test
  void aLeakIsReportedWhenTheContextEnds() {
    allocate();
    var leak = assertThrows(CudaException.class, context::close);
    context = null;
    assertMatches("leak: 1 allocation \\(4096 bytes of cuMemAlloc_v2, call \\d+\\)", leak.text());
    assertEquals("CUDA_ERROR_ILLEGAL_STATE", leak.name());
  }

  /** What fails first is thrown, and the leak is with it. */
  @Test
  void aLeakHidesNoEarlierFailure() {
    var failure = new IllegalStateException("earlier");
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () -> {
              try (CudaContext closed = context) {
                context = null;
                closed.synchronize();
                allocate();
                throw failure;
              }
            });
    assertEquals(failure, thrown);
    assertEquals(1, thrown.getSuppressed().length);
    assertTrue(String.valueOf(thrown.getSuppressed()[0].getMessage()).contains("leak: 1 alloc"));
  }

  /** The driver has it in its log as well. */
  @Test
  void whyAnImageIsRefusedIsToldOnce() {
    byte[] nonsense = "not an image".getBytes(StandardCharsets.US_ASCII);
    var error =
        assertThrows(CudaException.class, () -> context.loadModule("nonsense.so", nonsense));
    assertEquals("not an ELF file", error.text());
  }
}
