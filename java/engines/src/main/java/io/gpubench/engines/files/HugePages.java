// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory in huge pages where the system grants them: frames that lie anywhere in it are found with
 * fewer misses of the address translation. Stateless; any thread may use it.
 */
public final class HugePages {
  private static final long HUGE_PAGE = 2 << 20;
  private static final long PAGE = 4096;
  private static final int WANTS_HUGE_PAGES = 14; // MADV_HUGEPAGE
  private static final long NO_MEMORY = -1;

  private HugePages() {}

  /**
   * Zeroed memory of which nothing was touched, from the beginning of a page, and of a huge page if
   * it is as large as one.
   *
   * @param arena frees it
   * @param bytes at least 1
   * @throws EngineException when there is no address space for it
   */
  @SuppressWarnings("restricted") // the system's memory comes without its size
  public static MemorySegment allocate(Arena arena, long bytes) {
    long alignment = bytes < HUGE_PAGE ? PAGE : HUGE_PAGE;
    long taken = Math.ceilDiv(bytes, PAGE) * PAGE + alignment;
    long at = SystemCall.map(taken);
    if (at == NO_MEMORY) {
      throw new EngineException("out of memory: %d bytes outside of the heap".formatted(bytes));
    }
    long begin = Math.ceilDiv(at, alignment) * alignment;
    if (alignment == HUGE_PAGE) {
      SystemCall.advise(begin, at + taken - begin, WANTS_HUGE_PAGES);
    }
    return MemorySegment.ofAddress(begin)
        .reinterpret(bytes, arena, _ -> SystemCall.unmap(at, taken));
  }
}
