// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of the library: zeroed, in huge pages where the system grants them. Small pieces share a
 * huge page, since the first word of one takes all of it from the machine. For one thread; what it
 * hands out is for those that the arena allows.
 */
final class HostMemory {
  private static final long HUGE_PAGE = 2 << 20;
  private static final long PAGE = 4096;
  private static final long LINE = 64;

  private final Arena arena;
  private MemorySegment shared = MemorySegment.NULL;
  private long sharedUsed;

  /**
   * Takes nothing yet.
   *
   * @param arena frees what is handed out
   */
  HostMemory(Arena arena) {
    this.arena = arena;
  }

  /**
   * Zeroed memory that begins at a cache line, and at a page if it is as large as one.
   *
   * @param bytes at least 1
   * @throws EngineException when there is no address space for it; what is there is taken from the
   *     machine only as it is touched
   */
  MemorySegment allocate(long bytes) {
    if (bytes >= HUGE_PAGE) {
      return create(arena, bytes);
    }
    long alignment = bytes < PAGE ? LINE : PAGE;
    long begin = (sharedUsed + alignment - 1) / alignment * alignment;
    if (begin + bytes > shared.byteSize()) {
      shared = create(arena, HUGE_PAGE);
      begin = 0;
    }
    sharedUsed = begin + bytes;
    return shared.asSlice(begin, bytes);
  }

  /**
   * As {@link #allocate}, in pages of its own.
   *
   * @param arena frees it
   */
  @SuppressWarnings("restricted") // the library's memory comes without its size
  static MemorySegment create(Arena arena, long bytes) {
    MemorySegment memory = Host.gpubench_memory_create(bytes);
    if (memory.address() == 0) {
      throw new EngineException(
          "gpubench_memory_create(%d bytes) failed: no address space".formatted(bytes));
    }
    return memory.reinterpret(
        bytes, arena, released -> Host.gpubench_memory_destroy(released, bytes));
  }
}
