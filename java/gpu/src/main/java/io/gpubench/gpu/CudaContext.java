// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.cuda.CudaApi;
import io.gpubench.gpu.LifecycleException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A device at work for one thread: the thread that opened it uses and closes it and everything in
 * it, and has no other context meanwhile. Waiting threads spin, since a sleeping one wakes late.
 *
 * <p>Owns the streams, events, modules, buffers and graphs that are made from it. Whoever makes one
 * closes it before the context; what is still open when the context closes is closed with it, the
 * youngest first, and then reported as a {@link LifecycleException}. An error that the device
 * reports during a kernel makes the context useless: every later call reports it again.
 *
 * <p>It is the device's primary context, which ends with the last of the process's {@code
 * CudaContext}s for that device.
 */
public final class CudaContext implements AutoCloseable {
  /** CUDA_ERROR_NOT_SUPPORTED of cuda.h. */
  private static final int NOT_SUPPORTED = 801;

  private static final long OUT_BYTES = 2 * Long.BYTES;

  private final CudaDevice device;
  private final int deviceHandle;
  private final Arena arena;
  private final MemorySegment out;
  private final Lifetime lifetime;

  private CudaContext(CudaDevice device, int deviceHandle, Arena arena, MemorySegment out) {
    this.device = device;
    this.deviceHandle = deviceHandle;
    this.arena = arena;
    this.out = out;
    this.lifetime = new Lifetime("context of device " + device.index(), this::release);
  }

  /**
   * Opens a device for the calling thread.
   *
   * @throws LifecycleException if the thread has a context, or is a virtual one
   */
  public static CudaContext open(CudaDevice device) {
    Arena arena = Arena.ofConfined();
    try {
      MemorySegment out = arena.allocate(OUT_BYTES, Long.BYTES);
      requireUsableThread(out);
      return new CudaContext(device, enter(device, out), arena, out);
    } catch (RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  /** A virtual thread would leave its context behind whenever it changes its carrier. */
  private static void requireUsableThread(MemorySegment out) {
    if (Thread.currentThread().isVirtual()) {
      throw new LifecycleException(Kind.WRONG_THREAD, "a virtual thread cannot have a context");
    }
    check(CudaApi.cuCtxGetCurrent(out), "cuCtxGetCurrent()");
    if (out.get(ValueLayout.JAVA_LONG, 0) != 0) {
      throw new LifecycleException(
          Kind.SECOND_CONTEXT,
          "thread '%s' has a context already".formatted(Thread.currentThread().getName()));
    }
  }

  /** Makes the primary context current and returns the device's handle. */
  private static int enter(CudaDevice device, MemorySegment out) {
    check(CudaApi.cuDeviceGet(out, device.index()), "cuDeviceGet(%d)", device.index());
    int handle = out.get(ValueLayout.JAVA_INT, 0);
    check(
        CudaApi.cuDevicePrimaryCtxSetFlags_v2(handle, CudaApi.CU_CTX_SCHED_SPIN()),
        "cuDevicePrimaryCtxSetFlags_v2(device %d, CU_CTX_SCHED_SPIN)",
        device.index());
    check(
        CudaApi.cuDevicePrimaryCtxRetain(out, handle),
        "cuDevicePrimaryCtxRetain(device %d)",
        device.index());
    int code = CudaApi.cuCtxSetCurrent(out.get(ValueLayout.ADDRESS, 0));
    if (code != CudaApi.CUDA_SUCCESS()) {
      CudaException failure = CudaException.of(code, "cuCtxSetCurrent()");
      CudaApi.cuDevicePrimaryCtxRelease_v2(handle);
      throw failure;
    }
    return handle;
  }

  /** Its device. */
  public CudaDevice device() {
    return device;
  }

  /** Bytes of device memory that nobody uses now. */
  public long freeBytes() {
    MemorySegment free = out();
    check(CudaApi.cuMemGetInfo_v2(free, free.asSlice(Long.BYTES)), "cuMemGetInfo_v2()");
    return free.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Returns when the device has done all that was enqueued in this context. */
  public void synchronize() {
    lifetime.use();
    check(CudaApi.cuCtxSynchronize(), "cuCtxSynchronize()");
  }

  /**
   * Makes all lines of the L2 cache that kernels have made persist like any others, at once.
   *
   * @return false if the driver has no such call, or the device no such lines
   */
  public boolean resetPersistingL2() {
    lifetime.use();
    if (!NativeLibraries.has("cuda", "cuCtxResetPersistingL2Cache")) {
      return false;
    }
    int code = CudaApi.cuCtxResetPersistingL2Cache();
    if (code == NOT_SUPPORTED) {
      return false; // on a device that has no such lines
    }
    check(code, "cuCtxResetPersistingL2Cache()");
    return true;
  }

  /** A stream of its own, which does not wait for the default stream. */
  public CudaStream newStream() {
    return new CudaStream(this);
  }

  /** An event that takes the device's time. */
  public CudaEvent newEvent() {
    return new CudaEvent(this, CudaApi.CU_EVENT_DEFAULT());
  }

  /** An event that only orders, which is cheaper. */
  public CudaEvent newUntimedEvent() {
    return new CudaEvent(this, CudaApi.CU_EVENT_DISABLE_TIMING());
  }

  /**
   * Loads compiled kernels.
   *
   * @param name for messages, such as the file's name
   * @param image a fat binary, a cubin or PTX
   * @throws NativeUnavailableException if the image has no code that this device and its driver can
   *     run
   */
  public CudaModule loadModule(String name, byte[] image) {
    return new CudaModule(this, name, image);
  }

  /** Device memory, with anything in it. */
  public DeviceBuffer allocate(long bytes) {
    return DeviceBuffer.allocate(this, bytes);
  }

  /** Page-locked memory of the host, zeroed, for copies to and from the device. */
  public PinnedBuffer allocatePinned(long bytes) {
    return new PinnedBuffer(this, bytes, 0);
  }

  /** Page-locked memory of the host, zeroed, which kernels can access in place. */
  public MappedBuffer allocateMapped(long bytes) {
    return new MappedBuffer(this, bytes);
  }

  /**
   * Another device, whose memory work in this context is to reach as well.
   *
   * @throws IllegalArgumentException if it is this context's own
   */
  public CudaPeer openPeer(CudaDevice other) {
    return CudaPeer.open(this, other);
  }

  /**
   * Copies that are enqueued together.
   *
   * @param copies how many, at least 1
   * @param besideKernels whether the driver is asked to prefer a way that leaves the
   *     multiprocessors to kernels
   * @throws NativeUnavailableException if the driver has no such call
   */
  public CopyBatch newCopyBatch(int copies, boolean besideKernels) {
    return new CopyBatch(this, copies, besideKernels);
  }

  /**
   * Records what some work enqueues in a stream, without running it, as a graph.
   *
   * @param work may enqueue in this stream, and in others that wait for it; it must not wait itself
   */
  public CudaGraph capture(CudaStream stream, Runnable work) {
    return CudaGraph.capture(this, stream, work);
  }

  /** Room for two words that a call returns, until the next such call. */
  MemorySegment out() {
    lifetime.use();
    return out;
  }

  /** The driver's name of the device. */
  int deviceHandle() {
    return deviceHandle;
  }

  /** A lifetime within this context's. */
  Lifetime child(String what, Runnable release) {
    return lifetime.child(what, release);
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    CudaException detaching =
        CudaException.failure(CudaApi.cuCtxSetCurrent(MemorySegment.NULL), "cuCtxSetCurrent(none)");
    CudaException releasing =
        CudaException.failure(
            CudaApi.cuDevicePrimaryCtxRelease_v2(deviceHandle),
            "cuDevicePrimaryCtxRelease_v2(device %d)".formatted(device.index()));
    arena.close();
    CudaException.throwFirst(detaching, releasing);
  }
}
