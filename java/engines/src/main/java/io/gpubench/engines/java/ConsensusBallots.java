// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.workloads.consensus.ConsensusCount;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.util.Arrays;

/**
 * What one member of the team finds in its share of the messages: for each proposal the validators
 * that it has seen vote for it, and every further vote in a list. Used by one thread at a time.
 *
 * <p>{@code seen[w * K + k]} holds the bits of validators 64 w .. 64 w + 63 for proposal k.
 */
final class ConsensusBallots {
  final long[] seen;

  /** Validators whose vote for the same proposal this member had already seen, once for each. */
  final int[] repeats;

  int repeatCount;

  /** Messages that passed all checks. */
  int passed;

  /** Messages that failed a check; the counts after the checks stay 0. */
  final int[] failures = new int[ConsensusCount.values().length];

  private final ConsensusEpoch epoch;
  private final SipHashBatch batch = new SipHashBatch();
  private final long[] batchTags = new long[SipHashBatch.CAPACITY];
  private final int[] batchProposals = new int[SipHashBatch.CAPACITY];

  ConsensusBallots(ConsensusEpoch epoch, int maxMessages, int maxProposals) {
    this.epoch = epoch;
    this.seen = new long[epoch.bitmapWords() * maxProposals];
    this.repeats = new int[maxMessages + 1]; // one more: a place is written before it is taken
  }

  /** Counts the messages {@code from .. to - 1} of a round, and forgets what was counted before. */
  void count(ConsensusRound round, int from, int to) {
    int proposals = round.proposalCount();
    Arrays.fill(seen, 0, epoch.bitmapWords() * proposals, 0);
    Arrays.fill(failures, 0);
    repeatCount = 0;
    passed = 0;
    if (epoch.authenticated()) {
      for (int first = from; first < to; first += SipHashBatch.CAPACITY) {
        int last = Math.min(first + SipHashBatch.CAPACITY, to);
        countTagged(proposals, gather(round, first, last));
      }
    } else {
      countUntagged(round, from, to);
    }
  }

  private void countUntagged(ConsensusRound round, int from, int to) {
    long[] words = round.words();
    int proposals = round.proposalCount();
    for (int m = from; m < to; m++) {
      int at = ConsensusRound.MESSAGE_WORDS * m;
      long w0 = words[at];
      int k = proposal(round, w0, words[at + 1], words[at + 2]);
      if (k >= 0) {
        record((int) w0, k, proposals);
      }
    }
  }

  /** Puts the messages that only their tag can refute into the batch; the number of these. */
  private int gather(ConsensusRound round, int from, int to) {
    long[] words = round.words();
    long[] keys = epoch.keys();
    int count = 0;
    for (int m = from; m < to; m++) {
      int at = ConsensusRound.MESSAGE_WORDS * m;
      long w0 = words[at];
      long w1 = words[at + 1];
      long w2 = words[at + 2];
      int k = proposal(round, w0, w1, w2);
      if (k >= 0) {
        int v = (int) w0;
        batch.word0[count] = w0;
        batch.word1[count] = w1;
        batch.word2[count] = w2;
        batch.key0[count] = keys[2 * v];
        batch.key1[count] = keys[2 * v + 1];
        batchTags[count] = words[at + 3];
        batchProposals[count] = k;
        count++;
      }
    }
    return count;
  }

  private void countTagged(int proposals, int count) {
    batch.hash(count);
    for (int i = 0; i < count; i++) {
      if (batch.tag[i] == batchTags[i]) {
        record((int) batch.word0[i], batchProposals[i], proposals);
      } else {
        failures[ConsensusCount.WRONG_TAG.index()]++;
      }
    }
  }

  /** The proposal of a message, or -1 when a check before that of the tag fails; counts these. */
  private int proposal(ConsensusRound round, long w0, long w1, long w2) {
    ConsensusCount failure;
    if (Integer.compareUnsigned((int) w0, epoch.validators()) >= 0) {
      failure = ConsensusCount.UNKNOWN_VALIDATOR;
    } else if ((int) (w0 >>> 32) != round.round()) {
      failure = ConsensusCount.WRONG_ROUND;
    } else if ((int) w2 != round.phase()) {
      failure = ConsensusCount.WRONG_PHASE;
    } else if (w2 >>> 32 != 0) {
      failure = ConsensusCount.NON_ZERO_FIELD;
    } else {
      long[] digests = round.digests();
      for (int k = 0; k < round.proposalCount(); k++) {
        if (digests[k] == w1) {
          return k;
        }
      }
      failure = ConsensusCount.UNKNOWN_PROPOSAL;
    }
    failures[failure.index()]++;
    return -1;
  }

  /** Sets the bit of a vote; when it is set already the vote stays in the list. No branch. */
  private void record(int validator, int proposal, int proposals) {
    int at = (validator >> 6) * proposals + proposal;
    long word = seen[at];
    repeats[repeatCount] = validator;
    repeatCount += (int) (word >>> validator) & 1; // shifts count modulo 64
    seen[at] = word | 1L << validator;
    passed++;
  }
}
