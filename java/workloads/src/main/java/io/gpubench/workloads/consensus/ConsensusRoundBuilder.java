// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.workloads.random.Philox;
import java.util.Arrays;

/** Writes the messages of one round, right ones and wrong ones. Used by one thread, once. */
public final class ConsensusRoundBuilder {
  private final ConsensusEpoch epoch;
  private final int round;
  private final int phase;
  private final long[] digests;
  private final int proposalCount;
  private long[] words;
  private int count;

  /**
   * A round without messages.
   *
   * @param digests the proposals' digests, at most 16
   * @param capacity messages for which room is made at first; it grows
   */
  public ConsensusRoundBuilder(
      ConsensusEpoch epoch, int round, int phase, long[] digests, int capacity) {
    this.epoch = epoch;
    this.round = round;
    this.phase = phase;
    this.proposalCount = digests.length;
    this.digests = Arrays.copyOf(digests, ConsensusRound.MAX_PROPOSALS);
    this.words = new long[ConsensusRound.MESSAGE_WORDS * capacity];
  }

  /** Adds a message of this round and phase with the right tag. */
  public ConsensusRoundBuilder vote(int validator, long digest) {
    return message(validator, validator, round, digest, phase, 0, 0);
  }

  /**
   * Adds any message.
   *
   * @param signer validator under whose key the message is tagged, 0 .. V - 1
   * @param validator what the message says, unsigned
   * @param tagError XORed with the right tag (with 0 in an epoch without keys)
   */
  public ConsensusRoundBuilder message(
      int signer,
      int validator,
      int messageRound,
      long digest,
      int messagePhase,
      int zero,
      long tagError) {
    int at = ConsensusRound.MESSAGE_WORDS * count;
    if (at == words.length) {
      words = Arrays.copyOf(words, 2 * at + ConsensusRound.MESSAGE_WORDS);
    }
    long w0 = Integer.toUnsignedLong(validator) | (long) messageRound << 32;
    long w2 = Integer.toUnsignedLong(messagePhase) | (long) zero << 32;
    long tag = 0;
    if (epoch.authenticated()) {
      long[] keys = epoch.keys();
      tag = SipHash.tag(keys[2 * signer], keys[2 * signer + 1], w0, digest, w2);
    }
    words[at] = w0;
    words[at + 1] = digest;
    words[at + 2] = w2;
    words[at + 3] = tag ^ tagError;
    count++;
    return this;
  }

  /**
   * Puts the messages in a random order (Fisher and Yates): for i from M - 1 down to 1, message i
   * changes places with message {@code below(i + 1)} of word 0 of block i.
   */
  public ConsensusRoundBuilder shuffle(long seed, long stream) {
    long[] random = new long[2];
    for (int i = count - 1; i > 0; i--) {
      Philox.block(seed, stream, i, random);
      int a = ConsensusRound.MESSAGE_WORDS * i;
      int b = ConsensusRound.MESSAGE_WORDS * (int) Philox.below(i + 1L, random[0]);
      for (int w = 0; w < ConsensusRound.MESSAGE_WORDS; w++) {
        long swapped = words[a + w];
        words[a + w] = words[b + w];
        words[b + w] = swapped;
      }
    }
    return this;
  }

  /** The round. The builder must not be used afterwards. */
  public ConsensusRound build() {
    return new ConsensusRound(round, phase, count, proposalCount, digests, words);
  }
}
