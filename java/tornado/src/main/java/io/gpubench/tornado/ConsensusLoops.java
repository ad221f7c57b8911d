// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Consensus as loops that TornadoVM makes parallel, a launch each: over messages, over the words of
 * a bitmap, and over these again. As {@link ConsensusGroups} counts, without local memory and
 * barriers: a message that fails adds to its total at once, and 64 validators in a row are one
 * thread's, since nothing else can put their bits into a word.
 *
 * <p>A loop has no atomic operation of its own on arrays: the additions are those of the kernel
 * API. The ends of the loops are fixed when they are compiled, so the first one has as many turns
 * as the largest round has messages.
 */
final class ConsensusLoops {
  private ConsensusLoops() {}

  static void tally(
      KernelContext context,
      LongArray round,
      LongArray keys,
      IntArray votes,
      LongArray state,
      int mostMessages,
      int validators,
      int places,
      int proposals) {
    for (@Parallel int message = 0; message < mostMessages; message++) {
      if (message < ConsensusVotes.messages(round)) {
        int at = ConsensusVotes.HEADER + 4 * message;
        int validator = (int) round.get(at);
        long wrong = 0;
        if (ConsensusVotes.authenticated(keys)) {
          wrong = ConsensusVotes.wrongTag(round, at, keys, validators, validator);
        }
        int fate = ConsensusVotes.fate(round, at, wrong, validators, proposals);
        if (fate >= 0) {
          context.atomicAdd(votes, fate * places + validator, 1);
        } else {
          int total = ConsensusVotes.totals(round) + ConsensusVotes.FAILED - 1 - fate;
          context.atomicAdd(state, total, 1L);
        }
      }
    }
  }

  static void merge(
      KernelContext context,
      LongArray round,
      IntArray weights,
      IntArray votes,
      LongArray state,
      LongArray result,
      int words,
      int places,
      int proposals) {
    for (@Parallel int word = 0; word < words; word++) {
      int totals = ConsensusVotes.totals(round);
      long any = 0;
      long several = 0;
      for (int k = 0; k < proposals; k++) {
        int first = k * places + 64 * word;
        long bits = 0;
        for (int j = 0; j < 64; j++) {
          bits |= votes.get(first + j) != 0 ? 1L << j : 0L;
        }
        state.set(ConsensusVotes.BITMAPS + k * words + word, bits);
        several |= any & bits;
        any |= bits;
      }
      long equivocations = 0;
      for (int k = 0; k < proposals; k++) {
        int first = k * places + 64 * word;
        int bitmap = ConsensusVotes.BITMAPS + k * words + word;
        long bits = state.get(bitmap) & ~several;
        long sum = 0;
        for (int j = 0; j < 64; j++) {
          equivocations += (several >> j & 1) != 0 ? votes.get(first + j) : 0;
          sum += (bits >> j & 1) != 0 ? weights.get(64 * word + j) : 0;
          votes.set(first + j, 0);
        }
        state.set(bitmap, bits);
        if (bits != 0) {
          context.atomicAdd(state, totals + k, sum);
        }
      }
      result.set(12 + words + word, several);
      context.atomicAdd(
          state, totals + ConsensusVotes.ACCEPTED, (long) Long.bitCount(any & ~several));
      if (several != 0) {
        context.atomicAdd(state, totals + ConsensusVotes.EQUIVOCATION, equivocations);
      }
    }
  }

  static void certify(
      LongArray round,
      LongArray state,
      LongArray result,
      long totalWeight,
      int words,
      int proposals) {
    for (@Parallel int word = 0; word < words; word++) {
      int decided = ConsensusVotes.decided(round, state, totalWeight, proposals);
      ConsensusVotes.certify(state, result, word, words, decided);
      if (word == 0) {
        ConsensusVotes.conclude(round, state, result, decided);
      }
    }
  }
}
