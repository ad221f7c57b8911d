// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import io.gpubench.engines.files.PageFile;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * An engine's way to move pages between tiers on the processors, with all threads of the engine. It
 * owns the threads, and the memory and the files that it hands out, until {@link #close}. First the
 * pools of both tiers are asked for, then {@link #plan} is called, once; then {@link #wake} and
 * {@link #migrate} for each sample. Called by one thread at a time. {@link #migrate} allocates
 * nothing unless it fails.
 */
public interface MigrationKernels extends AutoCloseable {
  /**
   * Zeroed memory that begins at a multiple of {@value PageFile#ALIGNMENT} bytes, all of which was
   * touched.
   *
   * @param bytes at least 8, a multiple of 8
   * @param locked whether the system may not take it out of memory ({@code mlock})
   * @throws io.gpubench.measure.EngineException when there is not so much; of kind {@code ABSENT}
   *     when this process may not lock so much
   */
  MemorySegment allocate(long bytes, boolean locked);

  /**
   * A pool in a file.
   *
   * @throws io.gpubench.measure.EngineException as {@link io.gpubench.engines.files.PageFiles#open}
   */
  PageFile open(PageFile.Order order);

  /**
   * Says what {@link #migrate} moves from now on. Where a store is in a file, it already knows the
   * pool in memory that is the other.
   *
   * @param moves one, or two that go the opposite way between the same pools, with frames of their
   *     own
   */
  void plan(List<MigrationMove> moves);

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  void wake();

  /**
   * Moves the pages of all moves, at the same time where there are two, by the frames that stand in
   * their lists now. Returns when all of them are where they belong; of files, {@link
   * PageFile#sync} is not called.
   *
   * @throws io.gpubench.measure.EngineException when the system fails
   */
  void migrate();

  /** What was chosen, for the record: threads, instruction set. */
  Map<String, Object> configuration();

  /** Ends the threads, closes the files and frees the memory. */
  @Override
  void close();
}
