// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.utilization;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * An engine's way to keep the processors busy, with all threads of the engine. It owns the threads
 * and the memory that it hands out until {@link #close}. Called by one thread at a time. What is
 * timed allocates nothing.
 */
public interface UtilizationKernels extends AutoCloseable {
  /**
   * Zeroed memory that begins at a multiple of 64 bytes (better: of a page), and whose parts were
   * first touched by the threads that will work on them, where that matters.
   *
   * @param bytes at least 8, a multiple of 8
   * @throws io.gpubench.measure.EngineException when there is not so much
   */
  MemorySegment allocate(long bytes);

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  void wake();

  /**
   * Goes to and fro between two arrays of 32-bit words of the same size. Pass p = 0, 1, … makes
   * each word of the one from the word at the same place of the other, {@code steps} times by x = x
   * * 0x915F77F5 + b modulo 2^32; b is the low half of word(key, p) plus the sum of all words that
   * the pass before made, 0 before the first, with its lowest bit set. The first pass reads {@code
   * words}; the last one writes there when their number is even, and else to {@code others}.
   *
   * @param passes at least 1
   * @param steps at least 1
   */
  void run(MemorySegment words, MemorySegment others, int passes, int steps, long key);

  /** What was chosen, for the record: threads, instruction set. */
  Map<String, Object> configuration();

  /** Ends the threads and frees the memory. */
  @Override
  void close();
}
