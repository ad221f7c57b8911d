// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * An engine's way to compute consensus rounds, one or several at a time: it owns the rounds in its
 * own representation, one output and all workspace, from its creation until {@link #close}. Called
 * by one thread at a time. {@link #stage}, {@link #poison} and {@link #run} allocate nothing.
 *
 * <p>What is run at a time is a part of the rounds, one of {@link Capacity#parts}: part p has the
 * rounds of the slots p, p + parts, p + 2 parts and so on. Where a part is a single round, its
 * number is that of its slot.
 */
public interface ConsensusKernel extends AutoCloseable {
  /**
   * Copies a round into a slot, in the engine's representation. Keeps no reference to the round.
   *
   * @param slot 0 .. slots - 1; each is loaded before it is run
   */
  void load(int slot, ConsensusRound round);

  /** All slots are loaded: what depends on all of the rounds is made now. Called once. */
  default void seal() {}

  /**
   * Brings a part to where {@link #run} expects its input, on an engine that has such a place. Not
   * timed.
   */
  default void stage(int part) {}

  /** Overwrites every word of the output. */
  void poison(long word);

  /**
   * Computes the rounds of the part that was staged last; when it returns the whole output is
   * readable. The timed work.
   */
  void run(int part);

  /**
   * Where the answers lie, one behind the other in the order of the part's slots, each in the
   * layout of {@code ConsensusResult}: the same memory from the kernel's creation until {@link
   * #close}. Whoever measures reads it there itself, so that no kernel vouches for its own answer.
   */
  MemorySegment output();

  /** {@link io.gpubench.measure.spi.PreparedRun#rest}. */
  default void rest() {}

  /**
   * Threads that wait and may be asleep are awake when this returns. Called before each sample,
   * when its output was overwritten, so it costs little where they are awake. Not timed.
   */
  default void wake() {}

  /**
   * What a sample takes at least of the ceilings of whatever does the work, as {@link
   * io.gpubench.measure.spi.PreparedRun#demands}.
   */
  default Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    return Map.of();
  }

  /** What was chosen, for the record: threads, instruction set, launch shape. */
  Map<String, Object> configuration();

  /** Frees all that the kernel owns. */
  @Override
  void close();

  /** Makes kernels; what a session hands to {@link ConsensusRun}. */
  @FunctionalInterface
  interface Factory {
    /**
     * A kernel with room for the given capacity; the caller closes it.
     *
     * @throws io.gpubench.measure.EngineException when the engine cannot
     */
    ConsensusKernel open(ConsensusEpoch epoch, Capacity capacity);
  }

  /**
   * What a kernel must make room for.
   *
   * @param slots rounds that it holds, at least 1; a multiple of those of a sample
   * @param roundsOfSample rounds of a part, at least 1
   * @param maxMessages the most messages of a round
   * @param maxProposals the most proposals of a round, 0 .. 16
   * @param expectedMessages mean messages of a round, by which threads are chosen
   */
  record Capacity(
      int slots, int roundsOfSample, int maxMessages, int maxProposals, double expectedMessages) {
    /** Below so many messages per thread another thread costs more than it brings. */
    private static final int MESSAGES_PER_THREAD = 1024;

    /** A part of one round. */
    public Capacity(int slots, int maxMessages, int maxProposals, double expectedMessages) {
      this(slots, 1, maxMessages, maxProposals, expectedMessages);
    }

    /** What the rounds are divided into, at least 1. */
    public int parts() {
      return slots / roundsOfSample;
    }

    /** How many threads pay for a round: one for each 1,024 messages, 1 .. available. */
    public int effectiveThreads(int available) {
      return Math.clamp((long) (expectedMessages / MESSAGES_PER_THREAD), 1, available);
    }

    /** How many threads pay for all rounds of a part together, each round being one's alone. */
    public int effectiveThreadsOfPart(int available) {
      long paying = (long) (roundsOfSample * expectedMessages / MESSAGES_PER_THREAD);
      return Math.clamp(paying, 1, Math.min(available, Math.ceilDiv(roundsOfSample, turn())));
    }

    /**
     * How many rounds a thread takes at a time: as many as have 1,024 messages, and all at most.
     */
    public int turn() {
      return Math.clamp(
          (long) Math.ceil(MESSAGES_PER_THREAD / expectedMessages), 1, roundsOfSample);
    }
  }
}
