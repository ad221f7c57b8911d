// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Page-locked memory of the host that kernels access in place, over the bus. */
public final class MappedBuffer extends PinnedBuffer {
  private final DeviceMemory onDevice;

  MappedBuffer(CudaContext context, long bytes) {
    super(context, bytes, CudaApi.CU_MEMHOSTALLOC_DEVICEMAP());
    MemorySegment out = context.out();
    try {
      check(
          CudaApi.cuMemHostGetDevicePointer_v2(out, segment(), 0),
          "cuMemHostGetDevicePointer_v2(%d bytes)",
          bytes);
    } catch (CudaException failure) {
      try {
        close();
      } catch (CudaException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    onDevice = new DeviceMemory(lifetime(), out.get(ValueLayout.JAVA_LONG, 0), bytes);
  }

  /** The same memory as kernels see it. */
  public DeviceMemory onDevice() {
    return onDevice;
  }
}
