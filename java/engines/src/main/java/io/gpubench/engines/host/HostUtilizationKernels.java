// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.utilization.UtilizationKernels;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.MemorySegment;

/** Sustained work in C: one call for all passes of a sample, on all threads of a pool. */
final class HostUtilizationKernels extends HostKernels implements UtilizationKernels {

  HostUtilizationKernels(int threads, Simd simd) {
    super(threads, simd);
  }

  @Override
  public void run(MemorySegment words, MemorySegment others, int passes, int steps, long key) {
    HostError.check(
        Host.gpubench_utilization(
            pool.handle(),
            simd.level,
            words,
            others,
            words.byteSize() / Integer.BYTES,
            passes,
            steps,
            key),
        "gpubench_utilization");
  }
}
