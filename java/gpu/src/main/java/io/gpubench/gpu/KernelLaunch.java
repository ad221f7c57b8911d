// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.cuda.CUlaunchAttributeValue_union;
import io.gpubench.ffi.cuda.CUlaunchAttribute_st;
import io.gpubench.ffi.cuda.CUlaunchConfig_st;
import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with its shape and its arguments, laid out once in native memory, to be enqueued any
 * number of times. Arguments may change in between, since the driver copies them when it enqueues.
 * Lives as long as the kernel's module, on the same thread; memory among the arguments must be open
 * whenever the kernel runs.
 */
public final class KernelLaunch {
  private final CudaFunction function;
  private final LaunchShape shape;
  private final KernelArguments arguments;
  private final @Nullable MemorySegment configuration;

  KernelLaunch(CudaFunction function, LaunchShape shape, Object... arguments) {
    Arena arena = function.module().arena();
    this.function = function;
    this.shape = shape;
    this.arguments = new KernelArguments(arena, arguments);
    this.configuration =
        shape.cooperative() || shape.overlapping() ? configuration(arena, shape) : null;
  }

  /** For what only a newer function of the driver can launch. */
  private static MemorySegment configuration(Arena arena, LaunchShape shape) {
    if (!NativeLibraries.has("cuda", "cuLaunchKernelEx")) {
      throw new NativeUnavailableException(
          "the driver has no cuLaunchKernelEx, which this launch needs: " + shape,
          "install a driver for CUDA 11.8 or newer");
    }
    MemorySegment configuration = CUlaunchConfig_st.allocate(arena);
    CUlaunchConfig_st.gridDimX(configuration, shape.gridX());
    CUlaunchConfig_st.gridDimY(configuration, shape.gridY());
    CUlaunchConfig_st.gridDimZ(configuration, shape.gridZ());
    CUlaunchConfig_st.blockDimX(configuration, shape.blockX());
    CUlaunchConfig_st.blockDimY(configuration, shape.blockY());
    CUlaunchConfig_st.blockDimZ(configuration, shape.blockZ());
    CUlaunchConfig_st.sharedMemBytes(configuration, shape.dynamicSharedBytes());
    MemorySegment attributes = CUlaunchAttribute_st.allocateArray(2, arena);
    int count = 0;
    if (shape.cooperative()) {
      MemorySegment attribute = CUlaunchAttribute_st.asSlice(attributes, count++);
      CUlaunchAttribute_st.id(attribute, CudaApi.CU_LAUNCH_ATTRIBUTE_COOPERATIVE());
      CUlaunchAttributeValue_union.cooperative(CUlaunchAttribute_st.value(attribute), 1);
    }
    if (shape.overlapping()) {
      MemorySegment attribute = CUlaunchAttribute_st.asSlice(attributes, count++);
      CUlaunchAttribute_st.id(
          attribute, CudaApi.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION());
      CUlaunchAttributeValue_union.programmaticStreamSerializationAllowed(
          CUlaunchAttribute_st.value(attribute), 1);
    }
    CUlaunchConfig_st.attrs(configuration, attributes);
    CUlaunchConfig_st.numAttrs(configuration, count);
    return configuration;
  }

  /** The arguments, to be changed between launches. */
  public KernelArguments arguments() {
    function.module().lifetime().use();
    return arguments;
  }

  /**
   * What {@link #enqueue} in this stream hands to the driver, for a loop in native code.
   *
   * @throws IllegalStateException if the launch needs {@code cuLaunchKernelEx}
   */
  public NativeSubmission submission(CudaStream stream) {
    if (configuration != null) {
      throw new IllegalStateException("not by cuLaunchKernel: " + shape);
    }
    return new NativeSubmission(
        CudaApi.cuLaunchKernel$address(),
        CudaApi.cuStreamSynchronize$address(),
        function.handle(),
        shape,
        stream.handle(),
        arguments.pointers());
  }

  /** Enqueues it with the arguments as they are now. */
  public void enqueue(CudaStream stream) {
    MemorySegment kernel = function.handle();
    MemorySegment queue = stream.handle();
    int code;
    if (configuration == null) {
      code =
          CudaApi.cuLaunchKernel(
              kernel,
              shape.gridX(),
              shape.gridY(),
              shape.gridZ(),
              shape.blockX(),
              shape.blockY(),
              shape.blockZ(),
              shape.dynamicSharedBytes(),
              queue,
              arguments.pointers(),
              MemorySegment.NULL);
    } else {
      CUlaunchConfig_st.hStream(configuration, queue);
      code =
          CudaApi.cuLaunchKernelEx(configuration, kernel, arguments.pointers(), MemorySegment.NULL);
    }
    if (code != CudaApi.CUDA_SUCCESS()) {
      throw CudaException.of(
          code,
          "%s(%s, %s)"
              .formatted(
                  configuration == null ? "cuLaunchKernel" : "cuLaunchKernelEx",
                  function.name(),
                  shape));
    }
  }

  /** Name and shape, for people. */
  @Override
  public String toString() {
    return function.name() + ": " + shape;
  }
}
