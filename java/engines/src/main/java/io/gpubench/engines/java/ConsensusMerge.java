// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.workloads.consensus.ConsensusRound;
import java.util.Arrays;

/**
 * What one member of the team finds when it merges a share of the bitmap words of all members. Used
 * by one thread at a time.
 */
final class ConsensusMerge {
  /** Weight of the accepted votes for each proposal. */
  final long[] weights = new long[ConsensusRound.MAX_PROPOSALS];

  /** Validators with an accepted vote. */
  long accepted;

  /** Bits of equivocators over all members and proposals. */
  long equivocations;

  /**
   * Merges the bitmap words {@code from .. to - 1} and forgets what was merged before.
   *
   * @param acceptedBits receives, laid out as {@link ConsensusBallots#seen}, the accepted votes
   * @param result receives the equivocators, from word {@code equivocators} on
   */
  void merge(
      ConsensusBallots[] ballots,
      int proposals,
      int[] validatorWeights,
      int from,
      int to,
      long[] acceptedBits,
      long[] result,
      int equivocators) {
    Arrays.fill(weights, 0);
    accepted = 0;
    equivocations = 0;
    for (int w = from; w < to; w++) {
      int first = w * proposals;
      long any = 0;
      long multi = 0;
      for (int at = first; at < first + proposals; at++) {
        long voted = 0;
        for (ConsensusBallots part : ballots) {
          voted |= part.seen[at];
        }
        acceptedBits[at] = voted;
        multi |= any & voted;
        any |= voted;
      }
      accepted += Long.bitCount(any & ~multi);
      result[equivocators + w] = multi;
      for (int k = 0; k < proposals; k++) {
        int at = first + k;
        if (multi != 0) {
          for (ConsensusBallots part : ballots) {
            equivocations += Long.bitCount(part.seen[at] & multi);
          }
          acceptedBits[at] &= ~multi;
        }
        weights[k] += weight(acceptedBits[at], validatorWeights, 64 * w);
      }
    }
  }

  /** Sum of the weights of the validators {@code base + bit} for each bit of a word. */
  private static long weight(long bits, int[] weights, int base) {
    long sum = 0;
    for (long left = bits; left != 0; left &= left - 1) {
      sum += weights[base + Long.numberOfTrailingZeros(left)];
    }
    return sum;
  }
}
