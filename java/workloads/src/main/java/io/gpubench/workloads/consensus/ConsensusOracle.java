// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is right, slowly and obviously: two passes over the messages, in their order. Never
 * timed. Any thread may use it.
 *
 * <p>A message fails at the first of: unknown validator, wrong round, wrong phase, zero field not
 * zero, unknown proposal, wrong tag. Where two proposals carry the same digest, the lowest index
 * counts. A validator whose passing messages are for two or more proposals is an equivocator.
 * Proposal k is decided when 3 w(k) > 2 W, with W the weight of all validators.
 */
public final class ConsensusOracle {
  private static final int NONE = -1;

  private final ConsensusEpoch epoch;
  private final ConsensusRound round;
  private final Map<Long, Integer> proposals = new HashMap<>();

  private ConsensusOracle(ConsensusEpoch epoch, ConsensusRound round) {
    this.epoch = epoch;
    this.round = round;
    for (int k = 0; k < round.proposalCount(); k++) {
      proposals.putIfAbsent(round.digests()[k], k);
    }
  }

  /** The right result of a round, in the layout of {@link ConsensusResult}. */
  public static long[] decide(ConsensusEpoch epoch, ConsensusRound round) {
    return new ConsensusOracle(epoch, round).decide();
  }

  private long[] decide() {
    int validators = epoch.validators();
    long[] result = new long[ConsensusResult.words(validators)];
    int[] votedFor = new int[validators];
    Arrays.fill(votedFor, NONE);
    var equivocators = new BitSet(validators);
    for (int m = 0; m < round.messageCount(); m++) {
      if (failure(m) == null) {
        int v = validator(m);
        int k = proposal(m);
        if (votedFor[v] == NONE) {
          votedFor[v] = k;
        } else if (votedFor[v] != k) {
          equivocators.set(v);
        }
      }
    }

    var accepted = new BitSet(validators);
    long[] weight = new long[ConsensusRound.MAX_PROPOSALS];
    for (int m = 0; m < round.messageCount(); m++) {
      ConsensusCount fate = failure(m);
      if (fate == null) {
        int v = validator(m);
        if (equivocators.get(v)) {
          fate = ConsensusCount.EQUIVOCATION;
        } else if (accepted.get(v)) {
          fate = ConsensusCount.DUPLICATE;
        } else {
          fate = ConsensusCount.ACCEPTED;
          accepted.set(v);
          weight[proposal(m)] += epoch.weights()[v];
        }
      }
      result[fate.word()]++;
    }

    for (int k = 0; k < round.proposalCount(); k++) {
      if (3 * weight[k] > 2 * epoch.totalWeight()) {
        result[ConsensusResult.DECISION] = ConsensusResult.decided(k);
        result[ConsensusResult.DIGEST] = round.digests()[k];
        result[ConsensusResult.WEIGHT] = weight[k];
        for (int v = 0; v < validators; v++) {
          if (accepted.get(v) && votedFor[v] == k) {
            setBit(result, ConsensusResult.CERTIFICATE, v);
          }
        }
      }
    }
    for (int v = 0; v < validators; v++) {
      if (equivocators.get(v)) {
        setBit(result, ConsensusResult.equivocators(validators), v);
      }
    }
    return result;
  }

  /** The first check at which a message fails; null when it passes all. */
  private @Nullable ConsensusCount failure(int message) {
    long[] words = round.words();
    int at = ConsensusRound.MESSAGE_WORDS * message;
    int v = validator(message);
    if (Integer.compareUnsigned(v, epoch.validators()) >= 0) {
      return ConsensusCount.UNKNOWN_VALIDATOR;
    }
    if ((int) (words[at] >>> 32) != round.round()) {
      return ConsensusCount.WRONG_ROUND;
    }
    if ((int) words[at + 2] != round.phase()) {
      return ConsensusCount.WRONG_PHASE;
    }
    if (words[at + 2] >>> 32 != 0) {
      return ConsensusCount.NON_ZERO_FIELD;
    }
    if (proposal(message) == NONE) {
      return ConsensusCount.UNKNOWN_PROPOSAL;
    }
    if (epoch.authenticated()) {
      long[] keys = epoch.keys();
      long right =
          SipHash.tag(keys[2 * v], keys[2 * v + 1], words[at], words[at + 1], words[at + 2]);
      if (words[at + 3] != right) {
        return ConsensusCount.WRONG_TAG;
      }
    }
    return null;
  }

  private int validator(int message) {
    return (int) round.words()[ConsensusRound.MESSAGE_WORDS * message];
  }

  /** The lowest proposal whose digest a message names, or NONE. */
  private int proposal(int message) {
    return proposals.getOrDefault(round.words()[ConsensusRound.MESSAGE_WORDS * message + 1], NONE);
  }

  private static void setBit(long[] result, int firstWord, int validator) {
    result[firstWord + (validator >> 6)] |= 1L << (validator & 63);
  }
}
