// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * The smallest pieces of work of an engine on the processors. It owns its threads and the memory
 * that it hands out until {@link #close}. Called by one thread at a time. The pieces are timed in
 * loops of many calls, and allocate nothing.
 */
public interface LaunchKernels extends AutoCloseable {
  /** How many threads take part in {@link #empty} and {@link #touch}, the caller included. */
  int threads();

  /**
   * Zeroed memory that begins at a multiple of 64 bytes.
   *
   * @throws io.gpubench.measure.EngineException when there is not so much
   */
  MemorySegment allocate(long bytes);

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  default void wake() {}

  /** Hands a task that does nothing to all threads and waits until each has done it. */
  void empty();

  /**
   * As {@link #empty}, with a task: thread t stores the token as a 64-bit word at byte {@code t *
   * rowBytes + 8 * index}.
   *
   * @param rows as many rows as there are threads
   * @param rowBytes a multiple of 64
   */
  void touch(MemorySegment rows, long rowBytes, long index, long token);

  /**
   * Stores the token in a cache line on which another thread spins, and waits for its answer in
   * another cache line.
   *
   * @return what the other thread made of it: mix64(token)
   */
  long exchange(long token);

  /** Copies bytes within the memory of {@link #allocate}, without help of other threads. */
  void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes);

  /** What was chosen, for the record: threads. */
  Map<String, Object> configuration();

  /** Ends the threads and frees the memory. */
  @Override
  void close();
}
