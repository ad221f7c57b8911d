// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaPeer;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.gpu.PeerBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The page frames of a tier that kernels can access: in a device's memory, or in page-locked memory
 * of the host, which is mapped. Frame f begins at byte {@code f * pageBytes}; behind the last one
 * lie words that nothing may change, which {@link CudaPageKernels#check} looks at. All of it has
 * been written once. Owns the memory; confined to the context's thread.
 */
final class CudaPages implements AutoCloseable {
  /** Bytes behind the frames, as migration.cu has them. */
  static final long GUARD_BYTES = 64;

  private final AutoCloseable owned;
  private final DeviceMemory frames;
  private final DeviceMemory guard;
  private final @Nullable MemorySegment segment;
  private final long pageBytes;

  /** The frames one by one, of the host's; empty until somebody wants them so. */
  private MemorySegment[] pages = {};

  private CudaPages(
      AutoCloseable owned, DeviceMemory all, @Nullable MemorySegment segment, long pageBytes) {
    this.owned = owned;
    long bytes = all.bytes() - GUARD_BYTES;
    this.frames = all.slice(0, bytes);
    this.guard = all.slice(bytes, GUARD_BYTES);
    this.segment = segment;
    this.pageBytes = pageBytes;
  }

  /**
   * A pool in the device's memory.
   *
   * @param bytes of all frames, a multiple of the page's
   * @throws io.gpubench.gpu.CudaException when there is no room
   */
  static CudaPages onDevice(CudaContext context, long bytes, long pageBytes) {
    DeviceBuffer memory = context.allocate(bytes + GUARD_BYTES);
    return new CudaPages(memory, memory, null, pageBytes);
  }

  /** A pool in the memory of another device, which kernels must be able to access. */
  static CudaPages onPeer(CudaPeer peer, long bytes, long pageBytes) {
    PeerBuffer memory = peer.allocate(bytes + GUARD_BYTES);
    return new CudaPages(memory, memory, null, pageBytes);
  }

  /** A pool in page-locked memory of the host, likewise. */
  static CudaPages onHost(CudaContext context, long bytes, long pageBytes) {
    MappedBuffer memory = context.allocateMapped(bytes + GUARD_BYTES);
    return new CudaPages(memory, memory.onDevice(), memory.segment().asSlice(0, bytes), pageBytes);
  }

  /** Enqueues the first writing of all its bytes. */
  void prepare(CudaStream stream, CudaPageKernels kernels) {
    kernels.prepare(stream, this, segment == null); // the host's was written when it was allocated
  }

  /** The frames, as kernels see them. */
  DeviceMemory frames() {
    return frames;
  }

  /** What lies behind them. */
  DeviceMemory guard() {
    return guard;
  }

  /** The frames as the host sees them; null where they are in a device's memory. */
  @Nullable MemorySegment segment() {
    return segment;
  }

  /** Whether the frames are in memory of the host. */
  boolean onHost() {
    return segment != null;
  }

  /** Prepares {@link #page}. */
  void separatePages() {
    if (segment != null) {
      pages = new MemorySegment[(int) (segment.byteSize() / pageBytes)];
      for (int i = 0; i < pages.length; i++) {
        pages[i] = segment.asSlice(i * pageBytes, pageBytes);
      }
    }
  }

  /** A frame in memory of the host, for a copy; after {@link #separatePages}. */
  MemorySegment page(int frame) {
    return pages[frame];
  }

  /** Where a frame begins, in bytes. */
  long offset(int frame) {
    return frame * pageBytes;
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a buffer throws no checked exceptions", e);
    }
  }
}
