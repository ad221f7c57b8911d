// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.cuda.CUmemcpyAttributes_st;
import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Many copies that one call enqueues, in native memory that is allocated once: setting a copy and
 * enqueueing all allocate nothing. Among themselves the copies have no order, so none may use what
 * another writes. A stream that is being captured does not take them. Belongs to its context;
 * whoever made it closes it, on the context's thread; the driver has read it when {@link #enqueue}
 * returns.
 */
public final class CopyBatch implements AutoCloseable {
  private static final String FUNCTION = "cuMemcpyBatchAsync_v2";

  private final Arena arena = Arena.ofConfined();
  private final int copies;
  private final MemorySegment targets;
  private final MemorySegment sources;
  private final MemorySegment sizes;
  private final MemorySegment attributes;
  private final MemorySegment firstOfAttributes;
  private final Lifetime lifetime;

  CopyBatch(CudaContext context, int copies, boolean besideKernels) {
    if (copies < 1) {
      throw new IllegalArgumentException("a batch of " + copies + " copies");
    }
    if (!NativeLibraries.has("cuda", FUNCTION)) {
      throw new NativeUnavailableException(
          "the driver has no %s, which batches of copies need".formatted(FUNCTION),
          "install a driver for CUDA 13.0 or newer");
    }
    this.copies = copies;
    targets = arena.allocate(ValueLayout.JAVA_LONG, copies);
    sources = arena.allocate(ValueLayout.JAVA_LONG, copies);
    sizes = arena.allocate(ValueLayout.JAVA_LONG, copies);
    firstOfAttributes = arena.allocate(ValueLayout.JAVA_LONG);
    attributes = CUmemcpyAttributes_st.allocate(arena);
    CUmemcpyAttributes_st.srcAccessOrder(attributes, CudaApi.CU_MEMCPY_SRC_ACCESS_ORDER_STREAM());
    CUmemcpyAttributes_st.flags(
        attributes,
        besideKernels
            ? CudaApi.CU_MEMCPY_FLAG_PREFER_OVERLAP_WITH_COMPUTE()
            : CudaApi.CU_MEMCPY_FLAG_DEFAULT());
    lifetime = context.child("batch of %d copies".formatted(copies), arena::close);
  }

  /** How many copies it has. */
  public int copies() {
    return copies;
  }

  /**
   * Says what one of the copies does. All offsets and the size are in bytes.
   *
   * @param index of the copy, 0 .. {@link #copies} - 1
   * @param bytes at least 1
   * @throws IndexOutOfBoundsException if a range leaves its memory
   */
  public void set(
      int index,
      DeviceMemory target,
      long targetOffset,
      DeviceMemory source,
      long sourceOffset,
      long bytes) {
    lifetime.use();
    Objects.checkIndex(index, copies);
    targets.setAtIndex(ValueLayout.JAVA_LONG, index, target.range(targetOffset, bytes));
    sources.setAtIndex(ValueLayout.JAVA_LONG, index, source.range(sourceOffset, bytes));
    sizes.setAtIndex(ValueLayout.JAVA_LONG, index, bytes);
  }

  /** Enqueues all copies; each must have been set before, and may be changed afterwards. */
  public void enqueue(CudaStream stream) {
    lifetime.use();
    int code =
        CudaApi.cuMemcpyBatchAsync_v2(
            targets, sources, sizes, copies, attributes, firstOfAttributes, 1, stream.handle());
    if (code != CudaApi.CUDA_SUCCESS()) {
      throw CudaException.of(code, "%s(%d copies)".formatted(FUNCTION, copies));
    }
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
