// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/**
 * The input of one sample: a header and messages of 32 bytes, each of four little-endian words:
 *
 * <pre>
 * w0 = validator | round << 32    w1 = digest    w2 = phase | zero << 32    w3 = tag
 * </pre>
 *
 * <p>Immutable by convention: the arrays are handed out without a copy, for engines to read.
 */
public final class ConsensusRound {
  /** The most proposals of a round. */
  public static final int MAX_PROPOSALS = 16;

  /** Words of a message. */
  public static final int MESSAGE_WORDS = 4;

  /** Bytes of a message. */
  public static final int MESSAGE_BYTES = MESSAGE_WORDS * Long.BYTES;

  private final int round;
  private final int phase;
  private final int messageCount;
  private final int proposalCount;
  private final long[] digests;
  private final long[] words;

  /**
   * A round. The arrays now belong to it.
   *
   * @param round number of the round, unsigned
   * @param phase unsigned
   * @param messageCount M, at least 0
   * @param proposalCount K, 0 .. 16
   * @param digests 16 words, of which the first K count
   * @param words at least 4 M words, of which the first 4 M count
   * @throws IllegalArgumentException when a count does not fit its array
   */
  public ConsensusRound(
      int round, int phase, int messageCount, int proposalCount, long[] digests, long[] words) {
    if (digests.length != MAX_PROPOSALS || proposalCount < 0 || proposalCount > MAX_PROPOSALS) {
      throw new IllegalArgumentException(proposalCount + " proposals of " + digests.length);
    }
    if (messageCount < 0 || messageCount > words.length / MESSAGE_WORDS) {
      throw new IllegalArgumentException(messageCount + " messages of " + words.length + " words");
    }
    this.round = round;
    this.phase = phase;
    this.messageCount = messageCount;
    this.proposalCount = proposalCount;
    this.digests = digests;
    this.words = words;
  }

  public int round() {
    return round;
  }

  public int phase() {
    return phase;
  }

  /** M. */
  public int messageCount() {
    return messageCount;
  }

  /** K. */
  public int proposalCount() {
    return proposalCount;
  }

  /** 16 words, of which the first K count. */
  public long[] digests() {
    return digests;
  }

  /** At least 4 M words, of which the first 4 M count. */
  public long[] words() {
    return words;
  }
}
