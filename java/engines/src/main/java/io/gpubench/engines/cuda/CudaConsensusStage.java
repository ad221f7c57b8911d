// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The rounds in rotation, in ordinary memory as consensus.cu lays them out, and the page-locked
 * memory into which one of them at a time is copied before its time begins. Owns the former. Its
 * creator closes it, on its thread.
 */
public final class CudaConsensusStage implements AutoCloseable {
  /** Of a round, before its messages. */
  public static final long HEADER_BYTES = 256;

  private static final int MESSAGES_INDEX = 2;
  private static final long DIGESTS_OFFSET = 16;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment place;
  private final MemorySegment[] rounds;
  private final MemorySegment[] staged;
  private int mostMessages;

  /**
   * Without rounds as yet.
   *
   * @param place of {@link #bytes} of the largest round
   */
  public CudaConsensusStage(int slots, MemorySegment place) {
    this.place = place;
    this.rounds = new MemorySegment[slots];
    this.staged = new MemorySegment[slots];
  }

  /** What a round of so many messages takes. */
  public static long bytes(int messages) {
    return HEADER_BYTES + (long) ConsensusRound.MESSAGE_BYTES * messages;
  }

  /** Lays a round out as consensus.cu has it. */
  static void write(ConsensusRound round, MemorySegment target) {
    int messages = round.messageCount();
    target.setAtIndex(ValueLayout.JAVA_INT, 0, round.round());
    target.setAtIndex(ValueLayout.JAVA_INT, 1, round.phase());
    target.setAtIndex(ValueLayout.JAVA_INT, MESSAGES_INDEX, messages);
    target.setAtIndex(ValueLayout.JAVA_INT, 3, round.proposalCount());
    MemorySegment.copy(
        round.digests(),
        0,
        target,
        ValueLayout.JAVA_LONG,
        DIGESTS_OFFSET,
        ConsensusRound.MAX_PROPOSALS);
    MemorySegment.copy(
        round.words(),
        0,
        target,
        ValueLayout.JAVA_LONG,
        HEADER_BYTES,
        ConsensusRound.MESSAGE_WORDS * messages);
  }

  /** Copies a round into a slot. */
  public void load(int slot, ConsensusRound round) {
    MemorySegment copy = arena.allocate(bytes(round.messageCount()), HEADER_BYTES);
    write(round, copy);
    rounds[slot] = copy;
    staged[slot] = place.asSlice(0, copy.byteSize());
    mostMessages = Math.max(mostMessages, round.messageCount());
  }

  /** Copies the round in a slot to the page-locked memory, and allocates nothing. */
  public void stage(int slot) {
    staged[slot].copyFrom(rounds[slot]);
  }

  /** The page-locked memory that a round takes. */
  MemorySegment staged(int slot) {
    return staged[slot];
  }

  /** How many messages the round in a slot has. */
  int messages(int slot) {
    return rounds[slot].getAtIndex(ValueLayout.JAVA_INT, MESSAGES_INDEX);
  }

  /** How many the largest round has. */
  public int mostMessages() {
    return mostMessages;
  }

  @Override
  public void close() {
    arena.close();
  }
}
