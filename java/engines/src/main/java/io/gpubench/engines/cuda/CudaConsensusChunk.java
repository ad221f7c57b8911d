// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.EngineException;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Several rounds one behind the other, with a table in front that tells where each begins, as
 * consensus.cu lays out a chunk: what a launch reads, and one copy brings to the device. Owns
 * nothing.
 */
final class CudaConsensusChunk {
  /** What chunks are aligned to. */
  static final long ALIGNMENT = 256;

  private static final long BYTES_OF_START = 16;

  /** A start is 32 bits: 64 GiB. */
  static final long LIMIT = BYTES_OF_START << Integer.SIZE;

  private final MemorySegment memory;
  private long used;
  private int rounds;

  /**
   * Without rounds as yet.
   *
   * @param memory of {@link #bytes}, aligned to {@value #ALIGNMENT}
   * @param capacity rounds at most
   */
  CudaConsensusChunk(MemorySegment memory, int capacity) {
    this.memory = memory;
    used = tableBytes(capacity);
  }

  /** What so many rounds of at most so many messages take, a multiple of {@value #ALIGNMENT}. */
  static long bytes(int rounds, int messages) {
    return aligned(tableBytes(rounds) + rounds * CudaConsensusStage.bytes(messages));
  }

  /**
   * Requires that the table can tell where each of so many rounds begins.
   *
   * @param advice what makes it smaller, for people
   * @throws EngineException one line, when it is {@link #LIMIT} or more
   */
  static void addressable(int rounds, int messages, String advice) {
    long bytes = bytes(rounds, messages);
    if (bytes >= LIMIT) {
      throw new EngineException(
          "%,d rounds of up to %,d messages take %,d bytes, and kernels find rounds in less than %,d at once: %s"
              .formatted(rounds, messages, bytes, LIMIT, advice));
    }
  }

  private static long tableBytes(int rounds) {
    return aligned((long) Integer.BYTES * rounds);
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** Copies a round behind the others. */
  void append(ConsensusRound round) {
    memory.setAtIndex(ValueLayout.JAVA_INT, rounds, (int) (used / BYTES_OF_START));
    CudaConsensusStage.write(round, memory.asSlice(used));
    used += CudaConsensusStage.bytes(round.messageCount());
    rounds++;
  }

  /** How many rounds it has. */
  int rounds() {
    return rounds;
  }

  /** The memory that table and rounds take so far. */
  MemorySegment used() {
    return memory.asSlice(0, used);
  }
}
