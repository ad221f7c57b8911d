// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Consensus with TornadoVM's kernel API, in three steps: {@link #tally} counts each message, {@link
 * #merge} makes bitmaps and weights of the counts, {@link #certify} decides. Each is a launch of as
 * many groups as there are messages for; or all are one launch of a single group ({@link #decide}),
 * with barriers between them.
 *
 * <p>{@code votes} has a count for each proposal and validator, then {@value #SLOTS} for each
 * group, in which it counts messages that fail a check. So a message is one addition, whose old
 * value nobody needs: TornadoVM's has none. Counts are exact, and no order of threads matters. A
 * round leaves all of them cleared.
 *
 * <p>Per message 32 bytes are read, its key (16), and 4 added to; per validator and proposal 4 are
 * read and cleared; per validator 4 of weight are read; the rest is bitmaps.
 *
 * <p>What CUDA can express and this cannot: a vote over a warp, which makes a word of a bitmap of
 * 32 threads (here one thread collects 64 from local memory); the old value of an atomic operation,
 * which tells a duplicate at once (here validators are gone through in a second step); a fence
 * between groups, by which the last one could decide without another launch; atomic operations in
 * local memory (TornadoVM's ignores its index). Keys are two loads of 8 bytes, not one of 16.
 */
final class ConsensusGroups {
  /** A cache line, so that groups do not share one. */
  static final int SLOTS = 16;

  /** In {@code fates}: more is an equivocator, by as many messages as it has sent. */
  private static final int MANY = 16;

  private static final int NONE = -1;

  private ConsensusGroups() {}

  static void tally(
      KernelContext context,
      LongArray round,
      LongArray keys,
      IntArray votes,
      int validators,
      int places,
      int proposals,
      int block) {
    count(
        context,
        round,
        keys,
        votes,
        validators,
        places,
        proposals,
        block,
        context.localIdx,
        context.groupIdx,
        context.globalGroupSizeX);
  }

  static void merge(
      KernelContext context,
      LongArray round,
      IntArray weights,
      IntArray votes,
      LongArray state,
      LongArray result,
      int validators,
      int proposals,
      int block) {
    weigh(
        context,
        round,
        weights,
        votes,
        state,
        result,
        validators,
        proposals,
        block,
        context.localIdx,
        context.groupIdx,
        context.globalGroupSizeX);
  }

  static void certify(
      KernelContext context,
      LongArray round,
      LongArray state,
      LongArray result,
      long totalWeight,
      int validators,
      int proposals) {
    answer(
        round,
        state,
        result,
        totalWeight,
        validators,
        proposals,
        context.globalIdx,
        context.globalGroupSizeX);
  }

  /** All three by one group. */
  static void decide(
      KernelContext context,
      LongArray round,
      LongArray keys,
      IntArray weights,
      IntArray votes,
      LongArray state,
      LongArray result,
      long totalWeight,
      int validators,
      int proposals,
      int block) {
    int lane = context.localIdx; // read once: TornadoVM cannot inline two methods that both do
    int places = weights.getSize();
    count(context, round, keys, votes, validators, places, proposals, block, lane, 0, block);
    context.globalBarrier();
    weigh(
        context,
        round,
        weights,
        votes,
        state,
        result,
        validators,
        proposals,
        block,
        lane,
        0,
        block);
    context.globalBarrier();
    answer(round, state, result, totalWeight, validators, proposals, lane, block);
  }

  /**
   * Tags go through local memory, as then all of them are computed before the barrier, in a loop
   * without branches. Else TornadoVM moves each to where it is looked at, past the other checks.
   */
  private static void count(
      KernelContext context,
      LongArray round,
      LongArray keys,
      IntArray votes,
      int validators,
      int places,
      int proposals,
      int block,
      int lane,
      int group,
      int step) {
    long[] wrong = context.allocateLongLocalArray(block);
    int messages = ConsensusVotes.messages(round);
    int failures = proposals * places + SLOTS * group - 1;
    for (int first = group * block; first < messages; first += step) {
      int message = first + lane < messages ? first + lane : messages - 1;
      int at = ConsensusVotes.HEADER + 4 * message;
      int validator = (int) round.get(at);
      wrong[lane] = 0;
      if (ConsensusVotes.authenticated(keys)) {
        wrong[lane] = ConsensusVotes.wrongTag(round, at, keys, validators, validator);
      }
      context.localBarrier();
      int fate = ConsensusVotes.fate(round, at, wrong[lane], validators, proposals);
      if (first + lane < messages) {
        context.atomicAdd(votes, fate >= 0 ? fate * places + validator : failures - fate, 1);
      }
      context.localBarrier();
    }
  }

  private static void weigh(
      KernelContext context,
      LongArray round,
      IntArray weights,
      IntArray votes,
      LongArray state,
      LongArray result,
      int validators,
      int proposals,
      int block,
      int lane,
      int group,
      int step) {
    int[] fates = context.allocateIntLocalArray(block);
    int[] weight = context.allocateIntLocalArray(block);
    int places = weights.getSize();
    int words = ConsensusVotes.words(validators);
    int totals = ConsensusVotes.totals(round);
    if (lane < ConsensusVotes.CHECKS) {
      int slot = proposals * places + SLOTS * group + lane;
      int failed = votes.get(slot);
      if (failed != 0) {
        votes.set(slot, 0);
        context.atomicAdd(state, totals + ConsensusVotes.FAILED + lane, (long) failed);
      }
    }
    int kinds = proposals + 1;
    for (int first = group * block; first < places; first += step) {
      int sent = 0;
      int different = 0;
      int fate = NONE;
      for (int k = 0; k < proposals; k++) {
        int count = votes.get(k * places + first + lane);
        sent += count;
        different += count != 0 ? 1 : 0;
        fate = count != 0 ? k : fate;
      }
      fates[lane] = different > 1 ? MANY + sent : fate;
      weight[lane] = weights.get(first + lane);
      context.localBarrier();
      for (int k = 0; k < proposals; k++) {
        votes.set(k * places + first + lane, 0);
      }
      for (int i = lane; i < block / 64 * kinds; i += block) { // a word of a bitmap each
        int from = i / kinds * 64;
        int kind = i % kinds;
        int word = first / 64 + i / kinds;
        long bits = 0;
        long sum = 0;
        if (kind < proposals) {
          for (int j = 0; j < 64; j++) {
            boolean voted = fates[from + j] == kind;
            bits |= voted ? 1L << j : 0L;
            sum += voted ? weight[from + j] : 0L;
          }
          if (word < words) {
            state.set(ConsensusVotes.BITMAPS + kind * words + word, bits);
          }
          if (bits != 0) {
            context.atomicAdd(state, totals + kind, sum);
            context.atomicAdd(state, totals + ConsensusVotes.ACCEPTED, (long) Long.bitCount(bits));
          }
        } else {
          for (int j = 0; j < 64; j++) {
            int many = fates[from + j] - MANY;
            bits |= many > 0 ? 1L << j : 0L;
            sum += many > 0 ? many : 0L;
          }
          if (word < words) {
            result.set(12 + words + word, bits);
          }
          if (bits != 0) {
            context.atomicAdd(state, totals + ConsensusVotes.EQUIVOCATION, sum);
          }
        }
      }
      context.localBarrier();
    }
  }

  private static void answer(
      LongArray round,
      LongArray state,
      LongArray result,
      long totalWeight,
      int validators,
      int proposals,
      int id,
      int step) {
    int words = ConsensusVotes.words(validators);
    int decided = ConsensusVotes.decided(round, state, totalWeight, proposals);
    for (int word = id; word < words; word += step) {
      ConsensusVotes.certify(state, result, word, words, decided);
    }
    if (id == 0) {
      ConsensusVotes.conclude(round, state, result, decided);
    }
  }
}
