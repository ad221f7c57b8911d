// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An engine's way to match, expand and rewrite, with all threads of the engine. It owns the threads
 * and the memory that it hands out until {@link #close}. Called by one thread at a time.
 *
 * <p>All segments, those of forests too, were handed out by {@link #allocate} or are parts of such
 * that begin at a multiple of 64 bytes; behind the end of each at least 64 more bytes may be read,
 * whatever they hold. What an answer does not take stays as it is, and so does every input. Numbers
 * are little-endian. {@link #match}, {@link #list}, {@link #expand} and {@link #rewrite} are timed:
 * they allocate, log and look up nothing.
 */
public interface SynthesisKernels extends AutoCloseable {
  /**
   * Zeroed memory that begins at a multiple of 64 bytes (better: of a page), and whose parts were
   * first touched by the threads that will work on them, where that matters.
   *
   * @param bytes at least 8, a multiple of 8
   * @throws io.gpubench.measure.EngineException when there is not so much
   */
  MemorySegment allocate(long bytes);

  /**
   * Memory for the forest of an input; others are made where all other arrays are.
   *
   * @param input 0 .. {@link SynthesisRotation#SLOTS} - 1
   * @throws io.gpubench.measure.EngineException when there is not so much
   */
  default Forest forest(int input, long nodes, int trees) {
    return Forest.allocate(
        bytes -> allocate(SynthesisOutput.withGuard(bytes)).asSlice(0, bytes), nodes, trees);
  }

  /**
   * Shows what all calls are going to be about, for an engine that works in memory of its own.
   * Called once, before the first sample and behind {@link #patterns} or {@link #templates}; not
   * timed.
   *
   * @param forests by input, filled
   * @param lists by input, where the patterns match; empty unless they are expanded
   * @param outputs what an answer is stored in, all of it and in the order of the arguments
   * @throws io.gpubench.measure.EngineException when there is not enough memory
   */
  default void inputs(List<Forest> forests, List<MatchList> lists, List<MemorySegment> outputs) {}

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  void wake();

  /**
   * Takes over the patterns of all calls of {@link #match} and {@link #list}, and makes whatever
   * tables it needs. Called once, before them; not timed.
   *
   * @param asked the variant; null for the engine's own choice
   * @return the variant that it is going to be
   * @throws io.gpubench.measure.EngineException when there is not enough memory
   */
  MatchVariant patterns(PatternSet patterns, @Nullable MatchVariant asked);

  /**
   * Which comparisons {@link #match} and {@link #list} execute, by the variant that {@link
   * #patterns} has returned. Not timed.
   */
  Filter filter();

  /**
   * Takes over the templates of all calls of {@link #expand}. Called once, before them; not timed.
   *
   * @throws io.gpubench.measure.EngineException when there is not enough memory
   */
  void templates(TemplateSet templates);

  /**
   * Makes whatever it needs beside the answer to rewrite forests of at most so many nodes and
   * trees. Called once, before {@link #rewrite}; not timed.
   *
   * @throws io.gpubench.measure.EngineException when there is not enough memory
   */
  void rewriting(long nodes, int trees);

  /**
   * Counts the matches of each pattern.
   *
   * @param counts two 64-bit words a pattern: how many nodes match it, and the sum of mix64 of
   *     their indices, modulo 2^64
   */
  void match(Forest forest, MemorySegment counts);

  /**
   * Counts and lists the matches of each pattern.
   *
   * @param counts as {@link #match} has it
   * @param starts a 64-bit word a pattern: where its matches begin in {@code nodes}; and behind
   *     them the number of all matches
   * @param nodes 32-bit words: the nodes that match the first pattern, ascending, then those of the
   *     second and so on; has room for at least as many as match
   * @throws io.gpubench.measure.EngineException when it has not; nothing was stored beyond its end
   */
  void list(Forest forest, MemorySegment counts, MemorySegment starts, MemorySegment nodes);

  /**
   * Expands the template of each match.
   *
   * @param starts of the matches, as {@link #list} has them
   * @param nodes of the matches, exactly as many as there are
   * @param offsets a 64-bit word a match: where its expansion begins in {@code text}; and behind
   *     them the length of all
   * @param text the expansions one behind the other, in the order of the matches; has room for at
   *     least as many bytes as they take, which may be more than 4 GiB
   * @throws io.gpubench.measure.EngineException when it has not; nothing was stored beyond its end
   */
  void expand(
      Forest forest,
      MemorySegment starts,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text);

  /**
   * Folds constants in each tree, to the fixpoint.
   *
   * @param folded has room for as many nodes and trees as {@code forest}; its trees lie one behind
   *     the other, breadth-first anew, and the last of its tree starts tells how many nodes there
   *     are
   */
  void rewrite(Forest forest, Forest folded);

  /**
   * The largest cache before the memory that it works in; 0 where that is not this machine's, or
   * not known.
   *
   * @param ofMachine this machine's
   */
  default long cacheBytes(long ofMachine) {
    return ofMachine;
  }

  /** What was chosen, for the record: threads, instruction set. */
  Map<String, Object> configuration();

  /** Ends the threads and frees the memory. */
  @Override
  void close();
}
