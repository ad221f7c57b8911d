// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A mark in a stream, which happens when the device has done what was enqueued before it. Belongs
 * to its context; whoever made it closes it, on the context's thread.
 */
public final class CudaEvent implements AutoCloseable {
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final CudaContext context;
  private final MemorySegment handle;
  private final Lifetime lifetime;

  CudaEvent(CudaContext context, int flags) {
    this.context = context;
    MemorySegment out = context.out();
    check(CudaApi.cuEventCreate(out, flags), "cuEventCreate()");
    handle = out.get(ValueLayout.ADDRESS, 0);
    lifetime = context.child("event", this::release);
  }

  /** Sets the mark behind all that the stream holds now; a mark set before is forgotten. */
  public void record(CudaStream stream) {
    check(CudaApi.cuEventRecord(handle(), stream.handle()), "cuEventRecord()");
  }

  /** Returns when it has happened; at once if it was never recorded. */
  public void synchronize() {
    check(CudaApi.cuEventSynchronize(handle()), "cuEventSynchronize()");
  }

  /** Whether it has happened, or was never recorded. */
  public boolean hasHappened() {
    int code = CudaApi.cuEventQuery(handle());
    if (code == CudaApi.CUDA_ERROR_NOT_READY()) {
      return false;
    }
    check(code, "cuEventQuery()");
    return true;
  }

  /**
   * The device's time from an earlier event to this one, both timed, recorded and happened. The
   * driver resolves about half a microsecond.
   */
  public double nanosSince(CudaEvent start) {
    MemorySegment out = context.out();
    check(CudaApi.cuEventElapsedTime(out, start.handle(), handle()), "cuEventElapsedTime()");
    return out.get(ValueLayout.JAVA_FLOAT, 0) * NANOS_PER_MILLISECOND;
  }

  /** For one call. */
  MemorySegment handle() {
    lifetime.use();
    return handle;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    check(CudaApi.cuEventDestroy_v2(handle), "cuEventDestroy_v2()");
  }
}
