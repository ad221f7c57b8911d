// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Constant folding of forests of one size, by the kernels of synthesis_rewrite.cuh. Owns nothing;
 * used by the context's thread.
 */
final class CudaRewrite {
  // as in synthesis_rewrite.cuh and synthesis_scan.cuh
  private static final int SPARE = 1026;
  private static final int ALIGNED = 4;
  private static final int WORD_AND_VALUE = 2 * Integer.BYTES;
  private static final int SCAN_THREADS = 1024;
  private static final int STATE_BYTES = 16;

  private final CudaKernels kernels;
  private final boolean lookback;
  private final int windows;
  private final KernelLaunch first;

  /** Those behind the first one, by {@code twopass}. */
  private final KernelLaunch scan;

  private final KernelLaunch write;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  /**
   * Prepares the launches.
   *
   * @param nodes of a forest
   * @param trees of a forest
   * @param any memory, which stands for arrays that are yet to come
   */
  CudaRewrite(
      CudaKernels kernels, SynthesisRewriteTuning tuning, long nodes, int trees, DeviceBuffer any) {
    this.kernels = kernels;
    lookback = tuning.variant() == SynthesisRewriteTuning.Variant.LOOKBACK;
    windows = Math.toIntExact(Math.ceilDiv(nodes, (long) tuning.window()));
    int places = Math.ceilDiv(tuning.window() + SPARE, ALIGNED) * ALIGNED;
    int shared = places * WORD_AND_VALUE + (tuning.window() + SPARE) * Short.BYTES;
    LaunchShape shape = LaunchShape.of(windows, tuning.block()).withDynamicShared(shared);
    CudaFunction function =
        kernels.function(lookback ? "synthesis_rewrite_lookback" : "synthesis_rewrite_count");
    int count = (int) nodes;
    int window = tuning.window();
    write =
        kernels
            .function(lookback ? "synthesis_rewrite_lookback" : "synthesis_rewrite_write")
            .launch(
                shape, any, any, any, any, any, any, count, trees, window, any, any, any, any, any,
                any, any);
    first =
        lookback
            ? write
            : function.launch(shape, any, any, any, any, any, count, trees, window, any);
    scan =
        kernels
            .function("synthesis_rewrite_scan")
            .launch(LaunchShape.of(1, SCAN_THREADS), any, windows);
    configuration.put("variant", tuning.variant().word());
    configuration.put("block", (long) tuning.block());
    configuration.put("window", (long) window);
    configuration.put("grid", (long) windows);
    configuration.put("sharedBytesOfBlock", (long) shared);
    configuration.put(
        "blocksPerMultiprocessor", (long) function.blocksPerMultiprocessor(tuning.block(), shared));
    if (function.registers() > 0) { // the simulated device does not know
      configuration.put("registers", (long) function.registers());
    }
  }

  /** What {@link #scratch} takes of a device's memory, in bytes. */
  static long scratchBytes(SynthesisRewriteTuning tuning, long nodes) {
    return STATE_BYTES + Long.BYTES * Math.ceilDiv(nodes, (long) tuning.window());
  }

  /**
   * Memory that the kernels need besides forests, and leave as they need it; the caller closes it.
   */
  DeviceBuffer scratch() {
    DeviceBuffer scratch = kernels.context().allocate(STATE_BYTES + (long) Long.BYTES * windows);
    try (var stream = kernels.context().newStream()) {
      scratch.fillWordsAsync(stream, 0, scratch.bytes() / Integer.BYTES, 0);
      stream.synchronize();
    } catch (RuntimeException | Error failure) {
      scratch.close();
      throw failure;
    }
    return scratch;
  }

  /** Enqueues the rewriting of a forest into another one that has room for as many nodes. */
  void enqueue(CudaStream stream, CudaForest in, CudaForest out, DeviceBuffer scratch) {
    if (!lookback) {
      var arguments = first.arguments();
      arguments.set(0, in.kind());
      arguments.set(1, in.arity());
      arguments.set(2, in.firstChild());
      arguments.set(3, in.value());
      arguments.set(4, in.treeStart());
      arguments.set(8, scratch);
      first.enqueue(stream);
      scan.arguments().set(0, scratch);
      scan.enqueue(stream);
    }
    var arguments = write.arguments();
    arguments.set(0, in.kind());
    arguments.set(1, in.arity());
    arguments.set(2, in.symbol());
    arguments.set(3, in.firstChild());
    arguments.set(4, in.value());
    arguments.set(5, in.treeStart());
    arguments.set(9, scratch);
    arguments.set(10, out.kind());
    arguments.set(11, out.arity());
    arguments.set(12, out.symbol());
    arguments.set(13, out.firstChild());
    arguments.set(14, out.value());
    arguments.set(15, out.treeStart());
    write.enqueue(stream);
  }

  /** What was chosen. */
  Map<String, Object> configuration() {
    return configuration;
  }
}
