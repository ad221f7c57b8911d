// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.LaunchShape;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernels of one file, and how widely they are launched on this device. Owns nothing: the
 * session closes context and module.
 */
record CudaKernels(CudaContext context, KernelImages.Loaded loaded) {
  /** Threads of a block of the kernels in ceiling.cu. */
  static final int BLOCK = 256;

  /**
   * Blocks for each that the device holds at once. A multiprocessor that is done early then takes
   * more of them; see ceiling.cu.
   */
  private static final int WAVES = 32;

  /** A kernel that is not loaded at its first launch, which may be timed or captured. */
  CudaFunction function(String symbol) {
    CudaFunction function = loaded.module().function(symbol);
    function.load();
    return function;
  }

  /**
   * Blocks for so much work, of which one takes so much at a time.
   *
   * @param amount at least 0; the grid strides over what its blocks do not reach at once
   */
  LaunchShape shape(CudaFunction function, long amount, long amountOfBlock) {
    long most =
        (long) WAVES
            * context.device().multiprocessors()
            * Math.max(1, function.blocksPerMultiprocessor(BLOCK, 0));
    long blocks = Math.clamp(Math.ceilDiv(amount, amountOfBlock), 1, most);
    return LaunchShape.of((int) blocks, BLOCK);
  }

  /** A thread for each element. */
  LaunchShape shape(CudaFunction function, long elements) {
    return shape(function, elements, BLOCK);
  }

  /** What was chosen, with where the kernels come from, for the record. */
  Map<String, Object> configuration(Map<String, Object> chosen) {
    var all = new TreeMap<>(chosen);
    all.put("kernels", Map.of("origin", loaded.origin(), "sha256", loaded.sha256()));
    return all;
  }
}
