// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.ceiling.CeilingKernels;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.MemorySegment;

/** The work of the ceilings in C: one call each, on all threads of a pool. */
final class HostCeilingKernels extends HostKernels implements CeilingKernels {

  HostCeilingKernels(int threads, Simd simd) {
    super(threads, simd);
  }

  @Override
  public void read(MemorySegment input, MemorySegment answer) {
    HostError.check(
        Host.gpubench_ceiling_read(pool.handle(), simd.level, input, words(input), answer),
        "gpubench_ceiling_read");
  }

  @Override
  public void copy(MemorySegment input, MemorySegment output) {
    HostError.check(
        Host.gpubench_ceiling_copy(pool.handle(), simd.level, input, output, words(input)),
        "gpubench_ceiling_copy");
  }

  @Override
  public void triad(MemorySegment a, MemorySegment b, MemorySegment c) {
    HostError.check(
        Host.gpubench_ceiling_triad(pool.handle(), simd.level, a, b, c, words(a)),
        "gpubench_ceiling_triad");
  }

  @Override
  public void readAgain(MemorySegment input, long passes, MemorySegment answer) {
    HostError.check(
        Host.gpubench_ceiling_passes(
            pool.handle(), simd.level, input, words(input), passes, answer),
        "gpubench_ceiling_passes");
  }

  @Override
  public void fp32(MemorySegment output, long key, long steps) {
    HostError.check(
        Host.gpubench_ceiling_fp32(pool.handle(), simd.level, output, chains(output), key, steps),
        "gpubench_ceiling_fp32");
  }

  @Override
  public void int32(MemorySegment output, long key, int addend, long steps) {
    HostError.check(
        Host.gpubench_ceiling_int32(
            pool.handle(), simd.level, output, chains(output), key, steps, addend),
        "gpubench_ceiling_int32");
  }

  @Override
  public void atomic(MemorySegment cells, long key, long operations) {
    HostError.check(
        Host.gpubench_ceiling_atomic(pool.handle(), cells, words(cells), key, operations),
        "gpubench_ceiling_atomic");
  }

  private static long words(MemorySegment memory) {
    return memory.byteSize() / Long.BYTES;
  }

  private static long chains(MemorySegment memory) {
    return memory.byteSize() / Integer.BYTES;
  }
}
