// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Compiled kernels on a device. Belongs to its context; whoever loaded it closes it, on the
 * context's thread. Its functions, their launches and its global variables live as long as it does.
 */
public final class CudaModule implements AutoCloseable {
  private static final int LOG_BYTES = 16 << 10;
  private static final long IMAGE_ALIGNMENT = 16;

  private final CudaContext context;
  private final String name;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment handle;
  private final Lifetime lifetime;

  CudaModule(CudaContext context, String name, byte[] image) {
    this.context = context;
    this.name = name;
    this.handle = load(context, name, image);
    this.lifetime = context.child("module " + name, this::release);
  }

  private static MemorySegment load(CudaContext context, String name, byte[] image) {
    MemorySegment out = context.out();
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment log = scratch.allocate(LOG_BYTES + 1);
      MemorySegment options =
          scratch.allocateFrom(
              ValueLayout.JAVA_INT,
              CudaApi.CU_JIT_ERROR_LOG_BUFFER(),
              CudaApi.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES());
      // Values lie in the place of pointers.
      MemorySegment values =
          scratch.allocateFrom(ValueLayout.JAVA_LONG, log.address(), (long) LOG_BYTES);
      int code = CudaApi.cuModuleLoadDataEx(out, terminated(scratch, image), 2, options, values);
      if (code != CudaApi.CUDA_SUCCESS()) {
        throw failure(
            context.device(),
            CudaException.of(
                code,
                "cuModuleLoadDataEx(%s, %d bytes)".formatted(name, image.length),
                log.getString(0)));
      }
    }
    return out.get(ValueLayout.ADDRESS, 0);
  }

  /** PTX is text that ends with a zero; the other formats know their size. */
  private static MemorySegment terminated(Arena arena, byte[] image) {
    MemorySegment copy = arena.allocate(image.length + 1L, IMAGE_ALIGNMENT);
    MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
    return copy;
  }

  private static NativeException failure(CudaDevice device, CudaException failure) {
    int code = failure.code();
    String remedy;
    if (code == CudaApi.CUDA_ERROR_NO_BINARY_FOR_GPU()) {
      remedy =
          "build the kernels for compute capability %s, and no newer than the driver"
              .formatted(device.computeCapability());
    } else if (code == CudaApi.CUDA_ERROR_UNSUPPORTED_PTX_VERSION()) {
      remedy = "the kernels were built by a newer CUDA than the driver knows: update the driver";
    } else if (code == CudaApi.CUDA_ERROR_JIT_COMPILER_NOT_FOUND()) {
      remedy =
          "install the driver's PTX compiler, or build the kernels for compute capability %s"
              .formatted(device.computeCapability());
    } else {
      return failure;
    }
    return new NativeUnavailableException(String.valueOf(failure.getMessage()), remedy, failure);
  }

  /**
   * A kernel.
   *
   * @param symbol as it is exported
   */
  public CudaFunction function(String symbol) {
    lifetime.use();
    MemorySegment out = context.out();
    try (Arena scratch = Arena.ofConfined()) {
      check(
          CudaApi.cuModuleGetFunction(out, handle, scratch.allocateFrom(symbol)),
          "cuModuleGetFunction(%s in %s)",
          symbol,
          name);
    }
    return new CudaFunction(this, symbol, out.get(ValueLayout.ADDRESS, 0));
  }

  /**
   * The memory of a global variable.
   *
   * @param symbol as it is exported
   */
  public DeviceMemory global(String symbol) {
    lifetime.use();
    MemorySegment out = context.out();
    try (Arena scratch = Arena.ofConfined()) {
      check(
          CudaApi.cuModuleGetGlobal_v2(
              out, out.asSlice(Long.BYTES), handle, scratch.allocateFrom(symbol)),
          "cuModuleGetGlobal_v2(%s in %s)",
          symbol,
          name);
    }
    return new DeviceMemory(
        lifetime, out.get(ValueLayout.JAVA_LONG, 0), out.get(ValueLayout.JAVA_LONG, Long.BYTES));
  }

  CudaContext context() {
    return context;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /** For what lives as long as the module. */
  Arena arena() {
    lifetime.use();
    return arena;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    arena.close();
    check(CudaApi.cuModuleUnload(handle), "cuModuleUnload(%s)", name);
  }
}
