// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.utilization.UtilizationKernels;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sustained work in C: one call for all passes of a sample, on all threads of a pool. */
final class HostUtilizationKernels implements UtilizationKernels {
  private final Arena arena = Arena.ofShared(); // others fill and check what is allocated
  private final HostMemory memory = new HostMemory(arena);
  private final Simd simd;
  private final HostPool pool;

  HostUtilizationKernels(int threads, Simd simd) {
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
