// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Page-locked memory of the host, which the device copies from and to by itself. Belongs to its
 * context; whoever allocated it closes it, on the context's thread, when the device is done with
 * it. The segment is accessible to that thread, until then.
 */
public sealed class PinnedBuffer implements AutoCloseable permits MappedBuffer {
  private final MemorySegment handle;
  private final Arena arena = Arena.ofConfined();
  private final Arena arenaOfAll = Arena.ofShared();
  private final MemorySegment segment;
  private final Lifetime lifetime;

  PinnedBuffer(CudaContext context, long bytes, int flags) {
    MemorySegment out = context.out();
    check(CudaApi.cuMemHostAlloc(out, bytes, flags), "cuMemHostAlloc(%d bytes)", bytes);
    handle = out.get(ValueLayout.ADDRESS, 0);
    segment = handle.reinterpret(bytes, arena, null).fill((byte) 0);
    lifetime = context.child("pinned buffer of %d bytes".formatted(bytes), this::release);
  }

  /** The memory; slices of it serve as source and target of copies. */
  public MemorySegment segment() {
    return segment;
  }

  /** The same memory for any thread, until the buffer is closed. */
  public MemorySegment segmentForAll() {
    lifetime.use();
    return handle.reinterpret(segment.byteSize(), arenaOfAll, null);
  }

  /** Its size. */
  public long bytes() {
    return segment.byteSize();
  }

  Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    arena.close();
    arenaOfAll.close();
    check(CudaApi.cuMemFreeHost(handle), "cuMemFreeHost()");
  }
}
