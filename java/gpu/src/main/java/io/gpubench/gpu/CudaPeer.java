// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import io.gpubench.gpu.DeviceMemory.PeerContexts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/**
 * Another device, as one context sees it: memory there, which the context's streams copy to and
 * from and, where the hardware lets them, its kernels access by address. Belongs to its context;
 * whoever opened it closes it, on the context's thread, after the buffers that are made from it.
 *
 * <p>Holds the primary context of that device, which is current only while something is allocated
 * or freed there; no work is ever enqueued in it.
 */
public final class CudaPeer implements AutoCloseable {
  private static final String LEAVING = "cuCtxPopCurrent_v2()";

  private final CudaContext context;
  private final CudaDevice device;
  private final int handle;
  private final PeerContexts contexts;
  private final boolean accessible;
  private final Lifetime lifetime;
  private final String entering;
  private boolean enabled;

  private CudaPeer(
      CudaContext context,
      CudaDevice device,
      int handle,
      PeerContexts contexts,
      boolean accessible) {
    this.context = context;
    this.device = device;
    this.handle = handle;
    this.contexts = contexts;
    this.accessible = accessible;
    entering = "cuCtxPushCurrent_v2(device %d)".formatted(device.index());
    lifetime = context.child("peer device " + device.index(), this::release);
  }

  static CudaPeer open(CudaContext context, CudaDevice device) {
    if (device.index() == context.device().index()) {
      throw new IllegalArgumentException("device %s is its own peer".formatted(device));
    }
    MemorySegment out = context.out();
    check(CudaApi.cuDeviceGet(out, device.index()), "cuDeviceGet(%d)", device.index());
    int handle = out.get(ValueLayout.JAVA_INT, 0);
    check(
        CudaApi.cuDeviceCanAccessPeer(out, context.deviceHandle(), handle),
        "cuDeviceCanAccessPeer(device %d, device %d)",
        context.device().index(),
        device.index());
    boolean accessible = out.get(ValueLayout.JAVA_INT, 0) != 0;
    for (CudaDevice one : new CudaDevice[] {context.device(), device}) {
      requireUnifiedAddresses(
          one, one.index() == device.index() ? handle : context.deviceHandle(), out);
    }
    check(CudaApi.cuCtxGetCurrent(out), "cuCtxGetCurrent()");
    MemorySegment own = out.get(ValueLayout.ADDRESS, 0);
    check(
        CudaApi.cuDevicePrimaryCtxRetain(out, handle),
        "cuDevicePrimaryCtxRetain(device %d)",
        device.index());
    var contexts = new PeerContexts(own, out.get(ValueLayout.ADDRESS, 0));
    var peer = new CudaPeer(context, device, handle, contexts, accessible);
    try {
      peer.enable();
      return peer;
    } catch (CudaException failure) {
      try {
        peer.close();
      } catch (CudaException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** Copies tell by an address alone whose memory it is. */
  private static void requireUnifiedAddresses(CudaDevice of, int handle, MemorySegment out) {
    check(
        CudaApi.cuDeviceGetAttribute(out, CudaApi.CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING(), handle),
        "cuDeviceGetAttribute(unified addressing of device %d)",
        of.index());
    if (out.get(ValueLayout.JAVA_INT, 0) == 0) {
      throw new NativeUnavailableException(
          "device %s shares no addresses with others".formatted(of),
          "take two devices that are not virtual");
    }
  }

  /** Who enabled access before keeps it when this one closes. */
  private void enable() {
    if (!accessible) {
      return;
    }
    int code = CudaApi.cuCtxEnablePeerAccess(contexts.other(), 0);
    if (code == CudaApi.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED()) {
      return;
    }
    check(code, "cuCtxEnablePeerAccess(device %d)", device.index());
    enabled = true;
  }

  /** The other device. */
  public CudaDevice device() {
    return device;
  }

  /**
   * Whether kernels of the context access this device's memory by its address. If not, copies work
   * nevertheless: the driver takes them through memory of the host.
   */
  public boolean accessible() {
    return accessible;
  }

  /** Bytes of memory that nobody uses there now. */
  public long freeBytes() {
    return within(() -> {
      MemorySegment free = context.out();
      check(CudaApi.cuMemGetInfo_v2(free, free.asSlice(Long.BYTES)), "cuMemGetInfo_v2()");
      return free.get(ValueLayout.JAVA_LONG, 0);
    });
  }

  /** Memory there, with anything in it. */
  public PeerBuffer allocate(long bytes) {
    long address =
        within(() -> {
          MemorySegment out = context.out();
          check(
              CudaApi.cuMemAlloc_v2(out, bytes),
              "cuMemAlloc_v2(%d bytes of device %d)",
              bytes,
              device.index());
          return out.get(ValueLayout.JAVA_LONG, 0);
        });
    return new PeerBuffer(
        lifetime.child("peer buffer of %d bytes".formatted(bytes), () -> free(address, bytes)),
        address,
        bytes,
        contexts);
  }

  /** Does something in the other device's context. */
  private long within(Supplier<Long> work) {
    lifetime.use();
    check(entering(), entering);
    long result;
    try {
      result = work.get();
    } catch (CudaException failure) {
      CudaException second = CudaException.failure(leaving(), LEAVING);
      if (second != null) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    check(leaving(), LEAVING);
    return result;
  }

  private int entering() {
    return CudaApi.cuCtxPushCurrent_v2(contexts.other());
  }

  private static int leaving() {
    try (Arena arena = Arena.ofConfined()) {
      return CudaApi.cuCtxPopCurrent_v2(arena.allocate(ValueLayout.ADDRESS));
    }
  }

  /** After the context's work, which that device's driver does not wait for by itself. */
  private void free(long address, long bytes) {
    CudaException first = CudaException.failure(CudaApi.cuCtxSynchronize(), "cuCtxSynchronize()");
    CudaException second = CudaException.failure(entering(), entering);
    if (second == null) {
      second =
          CudaException.failure(
              CudaApi.cuMemFree_v2(address),
              "cuMemFree_v2(%d bytes of device %d)".formatted(bytes, device.index()));
      CudaException third = CudaException.failure(leaving(), LEAVING);
      if (second != null && third != null) {
        second.addSuppressed(third);
      }
      second = second != null ? second : third;
    }
    CudaException.throwFirst(first, second);
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    CudaException disabling =
        enabled
            ? CudaException.failure(
                CudaApi.cuCtxDisablePeerAccess(contexts.other()),
                "cuCtxDisablePeerAccess(device %d)".formatted(device.index()))
            : null;
    CudaException releasing =
        CudaException.failure(
            CudaApi.cuDevicePrimaryCtxRelease_v2(handle),
            "cuDevicePrimaryCtxRelease_v2(device %d)".formatted(device.index()));
    CudaException.throwFirst(disabling, releasing);
  }
}
