// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A kernel: what the compiler made of it on this device, and how many blocks fit. Lives as long as
 * its module, on the same thread.
 */
public final class CudaFunction {
  private final CudaModule module;
  private final String name;
  private final MemorySegment handle;

  CudaFunction(CudaModule module, String name, MemorySegment handle) {
    this.module = module;
    this.name = name;
    this.handle = handle;
  }

  /** As it is exported. */
  public String name() {
    return name;
  }

  /**
   * Loads it now and not at its first launch.
   *
   * @return false if the driver, older than CUDA 12.4, cannot
   */
  public boolean load() {
    MemorySegment function = handle();
    if (!NativeLibraries.has("cuda", "cuFuncLoad")) {
      return false;
    }
    check(CudaApi.cuFuncLoad(function), "cuFuncLoad(%s)", name);
    return true;
  }

  /** Registers of a thread. */
  public int registers() {
    return attribute(CudaApi.CU_FUNC_ATTRIBUTE_NUM_REGS());
  }

  /** Static shared memory of a block. */
  public int sharedBytes() {
    return attribute(CudaApi.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES());
  }

  /** Local memory of a thread; registers that were spilled are in it. */
  public int localBytes() {
    return attribute(CudaApi.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES());
  }

  /** The largest block. */
  public int maxThreadsPerBlock() {
    return attribute(CudaApi.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK());
  }

  /** What its machine code was compiled for. */
  public ComputeCapability binaryVersion() {
    return ComputeCapability.ofNumber(attribute(CudaApi.CU_FUNC_ATTRIBUTE_BINARY_VERSION()));
  }

  /** The most dynamic shared memory that a launch may ask for. */
  public int dynamicSharedLimit() {
    return attribute(CudaApi.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES());
  }

  /**
   * Sets what a launch may ask for, as is necessary beyond 48 KiB.
   *
   * @param bytes with the static shared memory at most {@link CudaDevice#sharedBytesPerBlockOptIn}
   */
  public void allowDynamicShared(int bytes) {
    check(
        CudaApi.cuFuncSetAttribute(
            handle(), CudaApi.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES(), bytes),
        "cuFuncSetAttribute(%s, %d bytes of dynamic shared memory)",
        name,
        bytes);
  }

  /** How many such blocks a multiprocessor holds at once. */
  public int blocksPerMultiprocessor(int threadsPerBlock, int dynamicSharedBytes) {
    MemorySegment out = module.context().out();
    check(
        CudaApi.cuOccupancyMaxActiveBlocksPerMultiprocessor(
            out, handle(), threadsPerBlock, dynamicSharedBytes),
        "cuOccupancyMaxActiveBlocksPerMultiprocessor(%s, %d threads, %d bytes)",
        name,
        threadsPerBlock,
        dynamicSharedBytes);
    return out.get(ValueLayout.JAVA_INT, 0);
  }

  /** The block that keeps the most threads at work, given so much dynamic shared memory. */
  public FullestBlock fullestBlock(int dynamicSharedBytes) {
    MemorySegment out = module.context().out();
    check(
        CudaApi.cuOccupancyMaxPotentialBlockSize(
            out, out.asSlice(Integer.BYTES), handle(), MemorySegment.NULL, dynamicSharedBytes, 0),
        "cuOccupancyMaxPotentialBlockSize(%s, %d bytes)",
        name,
        dynamicSharedBytes);
    return new FullestBlock(
        out.getAtIndex(ValueLayout.JAVA_INT, 1), out.getAtIndex(ValueLayout.JAVA_INT, 0));
  }

  /**
   * A block size that fills the device.
   *
   * @param threads of a block
   * @param blocks that fill the device
   */
  public record FullestBlock(int threads, int blocks) {}

  /**
   * Prepares a launch.
   *
   * @param arguments one for each parameter, of its very type: {@link DeviceMemory} for a pointer,
   *     {@link Integer}, {@link Long}, {@link Float} or {@link Double} for a number, a {@link
   *     MemorySegment} with the bytes of a structure
   * @throws NativeUnavailableException if the driver, older than CUDA 11.8, cannot launch so
   */
  public KernelLaunch launch(LaunchShape shape, Object... arguments) {
    return new KernelLaunch(this, shape, arguments);
  }

  private int attribute(int attribute) {
    MemorySegment out = module.context().out();
    check(
        CudaApi.cuFuncGetAttribute(out, attribute, handle()),
        "cuFuncGetAttribute(%d, %s)",
        attribute,
        name);
    return out.get(ValueLayout.JAVA_INT, 0);
  }

  CudaModule module() {
    return module;
  }

  /** For one call. */
  MemorySegment handle() {
    module.lifetime().use();
    return handle;
  }
}
