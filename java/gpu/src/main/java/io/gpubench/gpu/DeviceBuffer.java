// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory of the device. Belongs to its context; whoever allocated it closes it, on the context's
 * thread, which waits until the device is done with it.
 */
public final class DeviceBuffer extends DeviceMemory implements AutoCloseable {
  private final Lifetime lifetime;

  private DeviceBuffer(Lifetime lifetime, long address, long bytes) {
    super(lifetime, address, bytes);
    this.lifetime = lifetime;
  }

  static DeviceBuffer allocate(CudaContext context, long bytes) {
    MemorySegment out = context.out();
    check(CudaApi.cuMemAlloc_v2(out, bytes), "cuMemAlloc_v2(%d bytes)", bytes);
    long address = out.get(ValueLayout.JAVA_LONG, 0);
    return new DeviceBuffer(
        context.child("device buffer of %d bytes".formatted(bytes), () -> free(address, bytes)),
        address,
        bytes);
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private static void free(long address, long bytes) {
    check(CudaApi.cuMemFree_v2(address), "cuMemFree_v2(%d bytes)", bytes);
  }
}
