// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside of the heap that any thread may use; freed all at once by {@link #close}. */
final class NativeMemory implements AutoCloseable {
  private static final long PAGE = 4096;

  private final Arena arena = Arena.ofShared();

  /**
   * Zeroed memory, from the beginning of a page.
   *
   * @throws EngineException when there is not so much
   */
  MemorySegment allocate(long bytes) {
    try {
      return arena.allocate(bytes, PAGE);
    } catch (OutOfMemoryError refused) {
      throw new EngineException(
          "out of memory: %d bytes outside of the heap".formatted(bytes), refused);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
