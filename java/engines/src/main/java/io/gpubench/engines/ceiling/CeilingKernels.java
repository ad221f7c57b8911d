// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * An engine's way to do the work of the ceilings on the processors, spread over all threads of the
 * engine. It owns the threads and the memory that it hands out until {@link #close}. Called by one
 * thread at a time. What is timed allocates nothing.
 *
 * <p>All segments come from {@link #allocate}, from its first byte to a multiple of the element's
 * size that need not be a multiple of anything else. The words of an input and the random words of
 * a key are defined by {@link io.gpubench.workloads.words.Words}; all integers wrap.
 */
public interface CeilingKernels extends AutoCloseable {
  /**
   * Zeroed memory that begins at a multiple of 64 bytes (better: of a page), and whose parts were
   * first touched by the threads that will work on them, where that matters.
   *
   * @param bytes at least 1
   * @throws io.gpubench.measure.EngineException when there is not so much
   */
  MemorySegment allocate(long bytes);

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  default void wake() {}

  /**
   * Sums up all words of {@code input}.
   *
   * @param answer one word: the sum
   */
  void read(MemorySegment input, MemorySegment answer);

  /** Copies all words of {@code input} to {@code output}, of the same size. */
  void copy(MemorySegment input, MemorySegment output);

  /** {@code a[i] = b[i] + 3.0 * c[i]} for all doubles of three segments of the same size. */
  void triad(MemorySegment a, MemorySegment b, MemorySegment c);

  /**
   * Reads {@code input} several times, each thread its own part, so that it stays in its cache.
   * Every pass loads every word again.
   *
   * @param passes at least 1
   * @param answer one word: the sum over p in 0 .. passes - 1 and all words w of {@code w ^ mix64(p
   *     + 1)}
   */
  void readAgain(MemorySegment input, long passes, MemorySegment answer);

  /**
   * For each chain c: x = 1 + (float) (word(key, c) >>> 41) * 2^-23, then {@code steps} times x =
   * fma(x, -0x1.fffff8p-1f, 2.25f), fused; then the bits of x are stored as word c of the output.
   *
   * @param output 32-bit words, as many as there are chains
   * @param steps at least 1
   */
  void fp32(MemorySegment output, long key, long steps);

  /**
   * For each chain c: x = low half of word(key, c), then {@code steps} times x = x * 0x915F77F5 +
   * {@code addend}; then x is stored as word c of the output.
   *
   * @param output 32-bit words, as many as there are chains
   * @param addend odd
   * @param steps at least 1
   */
  void int32(MemorySegment output, long key, int addend, long steps);

  /**
   * Adds word(key, q) to cell (q * 2654435761) mod cells, for each q in 0 .. operations - 1, by one
   * atomic read-modify-write each; the cells are zero before.
   *
   * @param cells 64-bit words, a power of two of them
   * @param operations a multiple of their number
   */
  void atomic(MemorySegment cells, long key, long operations);

  /** Whether it works in this machine's memory, before which are this machine's caches. */
  default boolean ofMachine() {
    return true;
  }

  /** What was chosen, for the record: threads, instruction set. */
  Map<String, Object> configuration();

  /** Ends the threads and frees the memory. */
  @Override
  void close();
}
