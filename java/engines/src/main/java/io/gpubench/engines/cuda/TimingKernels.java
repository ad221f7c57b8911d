// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;

/**
 * The launches of timing.cu. Its kernels are loaded when this is made, since one that is loaded at
 * its first launch may wait for a stream that is blocked. Owns nothing: the session closes the
 * module.
 *
 * @param context whose module it is
 * @param module timing.cu, compiled
 */
record TimingKernels(CudaContext context, CudaModule module) {
  // as in timing.cu
  private static final int SWEEP = 256;
  private static final int JUDGE = 256;

  /** In case the device's time stands still: a poll is believed to take so many nanoseconds. */
  private static final int LEAST_NANOS_OF_POLL = 8;

  TimingKernels {
    for (String symbol :
        new String[] {
          "timing_hold", "timing_spin", "timing_sweep_out", "timing_sweep_in", "timing_judge"
        }) {
      module.function(symbol).load();
    }
  }

  /**
   * Holds a stream.
   *
   * @param gate as timing.cu has it
   * @param patienceNanos after which it gives up
   */
  KernelLaunch hold(DeviceMemory gate, long patienceNanos) {
    return one("timing_hold", gate, 0, patienceNanos, patienceNanos / LEAST_NANOS_OF_POLL);
  }

  /** Lasts so long. */
  KernelLaunch spin(long nanos) {
    return one("timing_spin", nanos, nanos / LEAST_NANOS_OF_POLL);
  }

  private KernelLaunch one(String symbol, Object... arguments) {
    return module.function(symbol).launch(LaunchShape.of(1, 1), arguments);
  }

  /** Writes the whole of a memory; argument 2 is the number of the sweep. */
  KernelLaunch sweepOut(DeviceMemory memory) {
    CudaFunction function = module.function("timing_sweep_out");
    return function.launch(filling(function), memory, quads(memory), 0);
  }

  /** Reads it again; argument 2 is the number of the sweep. */
  KernelLaunch sweepIn(DeviceMemory memory, DeviceMemory wrong) {
    CudaFunction function = module.function("timing_sweep_in");
    return function.launch(filling(function), memory, quads(memory), 0, wrong);
  }

  private static long quads(DeviceMemory memory) {
    return memory.bytes() / (4 * Integer.BYTES);
  }

  private LaunchShape filling(CudaFunction function) {
    int blocks = Math.max(1, function.blocksPerMultiprocessor(SWEEP, 0));
    return LaunchShape.of(blocks * context.device().multiprocessors(), SWEEP);
  }

  /** A comparison of answers with what is right. */
  Judge judge(DeviceMemory answers, DeviceMemory right, int words, DeviceMemory verdicts) {
    return new Judge(
        module
            .function("timing_judge")
            .launch(LaunchShape.of(1, JUDGE), answers, 0L, right, 0L, words, verdicts, 0));
  }

  /** Compares one answer at a time. */
  record Judge(KernelLaunch launch) {
    /** In a verdict's place before there is one; no number of words. */
    static final long NONE = -1;

    /**
     * Enqueues a comparison, of which the number of wrong words is the verdict.
     *
     * @param answer where it begins among the answers, in words
     * @param expected where what is right begins, in words
     * @param position of the verdict
     */
    void enqueue(CudaStream stream, long answer, long expected, int position) {
      launch.arguments().set(1, answer);
      launch.arguments().set(3, expected);
      launch.arguments().set(6, position);
      launch.enqueue(stream);
    }
  }
}
