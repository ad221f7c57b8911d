// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A queue of work, which the device does in order. Belongs to its context; whoever made it closes
 * it, on the context's thread, and closing does not wait for the work.
 */
public final class CudaStream implements AutoCloseable {
  private final MemorySegment handle;
  private final Lifetime lifetime;

  CudaStream(CudaContext context) {
    MemorySegment out = context.out();
    check(CudaApi.cuStreamCreate(out, CudaApi.CU_STREAM_NON_BLOCKING()), "cuStreamCreate()");
    handle = out.get(ValueLayout.ADDRESS, 0);
    lifetime = context.child("stream", this::release);
  }

  /** Returns when all that was enqueued is done. */
  public void synchronize() {
    check(CudaApi.cuStreamSynchronize(handle()), "cuStreamSynchronize()");
  }

  /** Whether all that was enqueued is done. */
  public boolean isIdle() {
    int code = CudaApi.cuStreamQuery(handle());
    if (code == CudaApi.CUDA_ERROR_NOT_READY()) {
      return false;
    }
    check(code, "cuStreamQuery()");
    return true;
  }

  /** What is enqueued from now on waits until the event, as recorded so far, has happened. */
  public void waitFor(CudaEvent event) {
    check(CudaApi.cuStreamWaitEvent(handle(), event.handle(), 0), "cuStreamWaitEvent()");
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
    check(CudaApi.cuStreamDestroy_v2(handle), "cuStreamDestroy_v2()");
  }
}
