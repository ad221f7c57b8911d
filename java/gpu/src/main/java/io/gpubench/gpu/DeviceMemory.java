// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of memory that kernels access: a {@link DeviceBuffer}, a module's global variable, {@link
 * MappedBuffer mapped} memory of the host, or a {@link PeerBuffer} on another device. Java never
 * accesses it through the address. Lives as long as its owner, on that owner's thread.
 *
 * <p>Copies take segments of native memory whole. Asynchronous ones return at once if the segment
 * is page-locked, which must then stay as it is until the stream is done; other memory the driver
 * copies in stages, and may wait for. All offsets and sizes are in bytes; a range beyond this
 * memory is an {@link IndexOutOfBoundsException}.
 */
public sealed class DeviceMemory permits DeviceBuffer, PeerBuffer {
  private final Lifetime lifetime;
  private final long address;
  private final long bytes;
  private final @Nullable PeerContexts peer;

  /** Memory that a context's own device accesses as its own. */
  DeviceMemory(Lifetime lifetime, long address, long bytes) {
    this(lifetime, address, bytes, null);
  }

  /** Memory of another device. */
  DeviceMemory(Lifetime lifetime, long address, long bytes, @Nullable PeerContexts peer) {
    this.lifetime = lifetime;
    this.address = address;
    this.bytes = bytes;
    this.peer = peer;
  }

  /**
   * The contexts between which memory of a peer is copied.
   *
   * @param own of the device whose streams are used
   * @param other of the device that has the memory
   */
  record PeerContexts(MemorySegment own, MemorySegment other) {}

  /** Where it begins, as kernels see it. */
  public long address() {
    lifetime.use();
    return address;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  /** A part of it, with the same owner. */
  public DeviceMemory slice(long offset, long count) {
    return new DeviceMemory(lifetime, range(offset, count), count, peer);
  }

  /**
   * Copies a segment to the beginning and returns when the segment may change again. If it is
   * page-locked the copy is done then; else it may be on its way, and no stream waits for it.
   */
  public void upload(MemorySegment source) {
    long count = source.byteSize();
    check(CudaApi.cuMemcpyHtoD_v2(range(0, count), source, count), "cuMemcpyHtoD_v2", count);
  }

  /** Fills a segment from the beginning and returns when that is done. */
  public void download(MemorySegment target) {
    long count = target.byteSize();
    check(CudaApi.cuMemcpyDtoH_v2(target, range(0, count), count), "cuMemcpyDtoH_v2", count);
  }

  /** Enqueues a copy of a segment to an offset. */
  public void uploadAsync(CudaStream stream, long offset, MemorySegment source) {
    long count = source.byteSize();
    check(
        CudaApi.cuMemcpyHtoDAsync_v2(range(offset, count), source, count, stream.handle()),
        "cuMemcpyHtoDAsync_v2",
        count);
  }

  /** Enqueues a copy from an offset that fills a segment. */
  public void downloadAsync(CudaStream stream, long offset, MemorySegment target) {
    long count = target.byteSize();
    check(
        CudaApi.cuMemcpyDtoHAsync_v2(target, range(offset, count), count, stream.handle()),
        "cuMemcpyDtoHAsync_v2",
        count);
  }

  /**
   * Enqueues a copy within the device, to an offset from an offset in another memory; or between a
   * device and its peer, where one of them is memory of that.
   */
  public void copyAsync(
      CudaStream stream, long offset, DeviceMemory source, long sourceOffset, long count) {
    PeerContexts between = peer != null ? peer : source.peer;
    if (between != null) {
      check(
          CudaApi.cuMemcpyPeerAsync(
              range(offset, count),
              peer != null ? between.other() : between.own(),
              source.range(sourceOffset, count),
              source.peer != null ? between.other() : between.own(),
              count,
              stream.handle()),
          "cuMemcpyPeerAsync",
          count);
      return;
    }
    check(
        CudaApi.cuMemcpyDtoDAsync_v2(
            range(offset, count), source.range(sourceOffset, count), count, stream.handle()),
        "cuMemcpyDtoDAsync_v2",
        count);
  }

  /** Enqueues the setting of so many bytes to one value. */
  public void fillAsync(CudaStream stream, long offset, long count, byte value) {
    check(
        CudaApi.cuMemsetD8Async(range(offset, count), value, count, stream.handle()),
        "cuMemsetD8Async",
        count);
  }

  /**
   * Enqueues the setting of 32-bit words to one value.
   *
   * @param offset a multiple of 4
   * @param words how many
   */
  public void fillWordsAsync(CudaStream stream, long offset, long words, int value) {
    long count = Math.multiplyExact(words, Integer.BYTES);
    check(
        CudaApi.cuMemsetD32Async(range(offset, count), value, words, stream.handle()),
        "cuMemsetD32Async",
        count);
  }

  /** The address of a range, for one call. */
  long range(long offset, long count) {
    lifetime.use();
    return address + Objects.checkFromIndexSize(offset, count, bytes);
  }

  private void check(int code, String function, long count) {
    if (code != CudaApi.CUDA_SUCCESS()) {
      throw CudaException.of(code, "%s(%d of %d bytes)".formatted(function, count, bytes));
    }
  }
}
