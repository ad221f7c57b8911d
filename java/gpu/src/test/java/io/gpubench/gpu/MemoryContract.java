// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.gpu.LifecycleException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Buffers, copies and fills. */
abstract class MemoryContract extends CudaContract {
  private static final int COUNT = 1024;
  private static final int BYTES = COUNT * Integer.BYTES;

  MemoryContract(Supplier<CudaDriver> open) {
    super(open);
  }

  @Test
  void whatIsUploadedComesBack() {
    try (var arena = Arena.ofConfined();
        var buffer = context.allocate(BYTES)) {
      assertEquals(BYTES, buffer.bytes());
      assertNotEquals(0, buffer.address());
      buffer.upload(arena.allocateFrom(ValueLayout.JAVA_INT, ramp(COUNT)));
      MemorySegment back = arena.allocate(BYTES);
      buffer.download(back);
      assertArrayEquals(ramp(COUNT), ints(back));
    }
  }

  @Test
  void asynchronousCopiesGoToAndFromAnyOffset() {
    try (var stream = context.newStream();
        var pinned = context.allocatePinned(BYTES);
        var first = context.allocate(BYTES);
        var second = context.allocate(BYTES)) {
      put(pinned.segment(), ramp(COUNT));
      MemorySegment source = pinned.segment().asSlice(400, 40);
      MemorySegment target = pinned.segment().asSlice(0, 40);
      first.uploadAsync(stream, 80, source);
      second.copyAsync(stream, 160, first, 80, 40);
      second.downloadAsync(stream, 160, target);
      stream.synchronize();
      assertArrayEquals(ints(source), ints(target));
    }
  }

  /** Scattered to the device, within it, and back, as often as one likes. */
  @Test
  void aBatchOfCopiesIsOneCall() {
    assumeTrue(NativeLibraries.has("cuda", "cuMemcpyBatchAsync_v2"), "an older driver");
    int copies = 8;
    long part = BYTES / copies;
    try (var stream = context.newStream();
        var host = context.allocateMapped(BYTES);
        var back = context.allocateMapped(BYTES);
        var first = context.allocate(BYTES);
        var second = context.allocate(BYTES);
        var batch = context.newCopyBatch(copies, false);
        var beside = context.newCopyBatch(copies, true)) {
      assertEquals(copies, batch.copies());
      for (int round = 0; round < 2; round++) {
        put(host.segment(), ramp(COUNT));
        for (int i = 0; i < copies; i++) {
          batch.set(i, first, i * 3 % copies * part, host.onDevice(), i * part, part);
          beside.set(i, second, i * part, first, i * 3 % copies * part, part);
        }
        batch.enqueue(stream);
        beside.enqueue(stream);
        for (int i = 0; i < copies; i++) { // the driver has read what it was told before
          batch.set(i, back.onDevice(), i * part, second, i * part, part);
        }
        batch.enqueue(stream);
        stream.synchronize();
        assertArrayEquals(ramp(COUNT), ints(back.segment()));
        back.segment().fill((byte) 0);
      }
    }
  }

  @Test
  void aBatchOfCopiesRefusesWhatMakesNoSense() {
    assumeTrue(NativeLibraries.has("cuda", "cuMemcpyBatchAsync_v2"), "an older driver");
    assertThrows(IllegalArgumentException.class, () -> context.newCopyBatch(0, false));
    try (var stream = context.newStream();
        var memory = context.allocate(BYTES)) {
      CopyBatch batch = context.newCopyBatch(2, false);
      assertThrows(IndexOutOfBoundsException.class, () -> batch.set(2, memory, 0, memory, 100, 10));
      assertThrows(
          IndexOutOfBoundsException.class, () -> batch.set(0, memory, BYTES - 1, memory, 0, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> batch.set(0, memory, 0, memory, -1, 2));
      batch.close();
      assertMisuse(Kind.USED_AFTER_CLOSE, () -> batch.set(0, memory, 0, memory, 100, 10));
      assertMisuse(Kind.USED_AFTER_CLOSE, () -> batch.enqueue(stream));
      assertMisuse(Kind.CLOSED_TWICE, batch::close);
    }
  }

  @Test
  void aSliceIsAPartOfItsOwner() {
    var buffer = context.allocate(BYTES);
    DeviceMemory slice = buffer.slice(64, 16);
    assertEquals(buffer.address() + 64, slice.address());
    try (var stream = context.newStream()) {
      assertThrows(IndexOutOfBoundsException.class, () -> slice.fillAsync(stream, 8, 9, (byte) 0));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.slice(BYTES - 8, 16));
    buffer.close();
    assertMisuse(LifecycleException.Kind.USED_AFTER_CLOSE, slice::address);
  }

  @Test
  void fillsSetBytesAndWords() {
    try (var stream = context.newStream();
        var pinned = context.allocatePinned(16);
        var buffer = context.allocate(16)) {
      buffer.fillAsync(stream, 0, 16, (byte) -1);
      buffer.fillWordsAsync(stream, 4, 2, 0x01020304);
      buffer.fillAsync(stream, 8, 1, (byte) 0);
      buffer.downloadAsync(stream, 0, pinned.segment());
      stream.synchronize();
      assertArrayEquals(new int[] {-1, 0x01020304, 0x01020300, -1}, ints(pinned.segment()));
    }
  }

  @Test
  void noRangeExceedsTheBuffer() {
    try (var stream = context.newStream();
        var pinned = context.allocatePinned(32);
        var buffer = context.allocate(16);
        var large = context.allocate(32)) {
      MemorySegment segment = pinned.segment();
      for (Executable use :
          List.<Executable>of(
              () -> buffer.upload(segment),
              () -> buffer.download(segment),
              () -> buffer.uploadAsync(stream, 1, segment.asSlice(0, 16)),
              () -> buffer.uploadAsync(stream, -1, segment.asSlice(0, 4)),
              () -> buffer.downloadAsync(stream, 12, segment.asSlice(0, 8)),
              () -> buffer.copyAsync(stream, 0, large, 0, 17),
              () -> buffer.copyAsync(stream, 0, large, 24, 16),
              () -> buffer.fillAsync(stream, 16, 1, (byte) 0),
              () -> buffer.fillAsync(stream, 0, -1, (byte) 0),
              () -> buffer.fillWordsAsync(stream, 0, 5, 0))) {
        assertThrows(IndexOutOfBoundsException.class, use);
      }
    }
  }

  @Test
  void onlyNativeMemoryIsCopied() {
    try (var buffer = context.allocate(16)) {
      assertThrows(
          IllegalArgumentException.class, () -> buffer.upload(MemorySegment.ofArray(new byte[16])));
    }
  }

  @Test
  void pinnedMemoryIsZeroedAndGoneWhenClosed() {
    var pinned = context.allocatePinned(BYTES);
    MemorySegment segment = pinned.segment();
    assertEquals(BYTES, pinned.bytes());
    assertArrayEquals(new int[COUNT], ints(segment));
    pinned.close();
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_INT, 0));
  }

  @Test
  void mappedMemoryIsTheSameOnBothSides() {
    try (var stream = context.newStream();
        var mapped = context.allocateMapped(16)) {
      assertEquals(16, mapped.onDevice().bytes());
      mapped.onDevice().fillWordsAsync(stream, 4, 1, 42);
      stream.synchronize();
      assertArrayEquals(new int[] {0, 42, 0, 0}, ints(mapped.segment()));
    }
  }

  @Test
  void tooMuchMemoryIsRefusedAndTheContextLivesOn() {
    long bytes = 2 * context.device().memoryBytes();
    var error = assertThrows(CudaException.class, () -> context.allocate(bytes));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith(
                "cuMemAlloc_v2(%d bytes) failed: CUDA_ERROR_OUT_OF_MEMORY (2): ".formatted(bytes)),
        error.getMessage());
    assertEquals("CUDA_ERROR_OUT_OF_MEMORY", error.name());
    assertEquals(2, error.code());
    context.allocate(16).close();
  }
}
