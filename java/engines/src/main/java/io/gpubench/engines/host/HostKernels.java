// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What kernels of the library share: the threads of a pool, and memory whose parts were first
 * touched by the threads that work on them. For one thread at a time, which closes it.
 */
abstract class HostKernels implements AutoCloseable {
  final Arena arena = Arena.ofShared(); // others fill and check what is allocated
  final Simd simd;
  final HostPool pool;
  private final HostMemory memory = new HostMemory(arena);

  HostKernels(int threads, Simd simd) {
    this.simd = simd;
    this.pool = new HostPool(threads);
  }

  /** Zeroed memory that begins at a cache line, and at a page if it is as large as one. */
  public final MemorySegment allocate(long bytes) {
    MemorySegment allocated = memory.allocate(bytes);
    HostError.check(
        Host.gpubench_memory_touch(pool.handle(), allocated, bytes / Long.BYTES),
        "gpubench_memory_touch");
    return allocated;
  }

  /** Has all threads awake and spinning, for a while. */
  public void wake() {
    pool.wake();
  }

  /** What was chosen, for the record. */
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
