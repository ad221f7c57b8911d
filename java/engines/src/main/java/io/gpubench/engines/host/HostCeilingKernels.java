// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.ceiling.CeilingKernels;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** The work of the ceilings in C: one call each, on all threads of a pool. */
final class HostCeilingKernels implements CeilingKernels {
  private final Arena arena = Arena.ofShared(); // others fill and check what is allocated
  private final HostMemory memory = new HostMemory(arena);
  private final Simd simd;
  private final HostPool pool;

  HostCeilingKernels(int threads, Simd simd) {
    this.simd = simd;
    this.pool = new HostPool(threads);
  }

  @Override
  public MemorySegment allocate(long bytes) {
    MemorySegment allocated = memory.allocate(bytes);
    HostError.check(
        Host.gpubench_memory_touch(pool.handle(), allocated, bytes / Long.BYTES),
        "gpubench_memory_touch");
    return allocated;
  }

  @Override
  public void wake() {
    pool.wake();
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

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>();
    map.put("threads", (long) pool.threads());
    map.put("simd", simd.label);
    return map;
  }

  @Override
  public void close() {
    pool.close();
    arena.close();
  }
}
