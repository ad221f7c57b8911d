// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * What the kernels of consensus have in common, on the device: the round as {@code
 * CudaConsensusStage} lays it out, what becomes of a message, and the decision.
 *
 * <pre>
 * round   word 0: round, phase << 32    word 1: messages, proposals << 32    words 2 .. 17: digests
 *         word 18: 0 and 1 in turn      from word 32 on: four words for each message
 * state   two sets of {@value #TOTALS} totals, used in turn: the one that a round does not use is
 *         cleared by it; then a bitmap for each proposal
 * </pre>
 *
 * <p>TornadoVM makes a signed shift of {@code >>>}: what must not be extended is masked. A method's
 * name becomes the kernel's, and must be none of OpenCL's functions: a kernel called {@code round}
 * crashes the driver.
 */
final class ConsensusVotes {
  static final int HEADER = 32;
  static final int TURN = 18;

  /** Of a set: weights of 16 proposals, then these. */
  static final int TOTALS = 32;

  static final int FAILED = 16;
  static final int ACCEPTED = 22;
  static final int EQUIVOCATION = 23;

  static final int BITMAPS = 2 * TOTALS;

  /** Checks that a message can fail at, in their order. */
  static final int CHECKS = 6;

  private static final int DIGESTS = 2;

  private ConsensusVotes() {}

  /** Words of a bitmap, as in {@code ConsensusResult}. */
  static int words(int validators) {
    return (validators + 63) / 64;
  }

  static int messages(LongArray round) {
    return (int) round.get(1);
  }

  /** Index of the first total of this round. */
  static int totals(LongArray round) {
    return (int) round.get(TURN) * TOTALS;
  }

  /**
   * The tag that a message should have, less (XOR) the one that it has: SipHash-2-4 of its first
   * three words. No branch: where a device's compiler makes vectors of threads, it can of this.
   *
   * @param at the message's first word
   * @param validator whose key it is
   */
  static long wrongTag(LongArray round, int at, LongArray keys, int validator) {
    long key0 = keys.get(2 * validator);
    long key1 = keys.get(2 * validator + 1);
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    for (int i = 0; i < 6; i++) { // four words, the last of which is the length; and the end
      long word = i < 3 ? round.get(at + i) : i == 3 ? 24L << 56 : 0;
      v2 ^= i == 4 ? 0xff : 0;
      v3 ^= word;
      for (int j = 0; j < 2; j++) {
        v0 += v1;
        v1 = ((v1 << 13) | ((v1 >> 51) & 0x1FFFL)) ^ v0;
        v0 = (v0 << 32) | ((v0 >> 32) & 0xFFFFFFFFL);
        v2 += v3;
        v3 = ((v3 << 16) | ((v3 >> 48) & 0xFFFFL)) ^ v2;
        v0 += v3;
        v3 = ((v3 << 21) | ((v3 >> 43) & 0x1FFFFFL)) ^ v0;
        v2 += v1;
        v1 = ((v1 << 17) | ((v1 >> 47) & 0x1FFFFL)) ^ v2;
        v2 = (v2 << 32) | ((v2 >> 32) & 0xFFFFFFFFL);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3 ^ round.get(at + 3);
  }

  /** Whether messages have tags; else {@code keys} is one word that means nothing. */
  static boolean authenticated(LongArray keys) {
    return keys.getSize() > 1;
  }

  /**
   * {@link #wrongTag(LongArray, int, LongArray, int)} of the sender, or of validator 0 where it is
   * unknown. In two steps: {@code 0 <= v && v < n ? v : 0} becomes one unsigned comparison, and
   * TornadoVM writes that as a signed one.
   */
  static long wrongTag(LongArray round, int at, LongArray keys, int validators, int sender) {
    int from = sender >= 0 ? sender : 0;
    return wrongTag(round, at, keys, from < validators ? from : 0);
  }

  /**
   * The proposal that a message votes for, the lowest with its digest; or -1 less the number of the
   * first check that it fails. Each check is made, the first one last.
   *
   * @param wrong 0 when its tag is right
   * @param proposals the most of a round
   */
  static int fate(LongArray round, int at, long wrong, int validators, int proposals) {
    int validator = (int) round.get(at);
    long digest = round.get(at + 1);
    long phase = round.get(at + 2);
    int count = (int) (round.get(1) >> 32);
    int fate = -5;
    for (int i = 0; i < proposals; i++) {
      int k = proposals - 1 - i;
      fate = round.get(DIGESTS + k) == digest && k < count ? k : fate;
    }
    fate = fate >= 0 && wrong != 0 ? -6 : fate;
    fate = phase >> 32 != 0 ? -4 : fate;
    fate = (int) phase != (int) (round.get(0) >> 32) ? -3 : fate;
    fate = (int) (round.get(at) >> 32) != (int) round.get(0) ? -2 : fate;
    fate = validator >= validators ? -1 : fate;
    return validator < 0 ? -1 : fate;
  }

  /** The decided proposal, or -1. */
  static int decided(LongArray round, LongArray state, long totalWeight, int proposals) {
    int totals = totals(round);
    int decided = -1;
    for (int k = 0; k < proposals; k++) {
      decided = 3 * state.get(totals + k) > 2 * totalWeight ? k : decided;
    }
    return decided;
  }

  /** Writes a word of the certificate. */
  static void certify(LongArray state, LongArray result, int word, int words, int decided) {
    long bits = 0;
    if (decided >= 0) {
      bits = state.get(BITMAPS + decided * words + word);
    }
    result.set(12 + word, bits);
  }

  /** Writes what comes before the certificate, and clears the other totals. One thread's work. */
  static void conclude(LongArray round, LongArray state, LongArray result, int decided) {
    int totals = totals(round);
    long decision = 0;
    long digest = 0;
    long weight = 0;
    if (decided >= 0) {
      decision = 1 | (long) decided << 32;
      digest = round.get(DIGESTS + decided);
      weight = state.get(totals + decided);
    }
    result.set(0, decision);
    result.set(1, digest);
    result.set(2, weight);
    long passed = messages(round);
    for (int i = 0; i < CHECKS; i++) {
      long failed = state.get(totals + FAILED + i);
      result.set(4 + i, failed);
      passed -= failed;
    }
    long accepted = state.get(totals + ACCEPTED);
    long equivocations = state.get(totals + EQUIVOCATION);
    result.set(3, accepted);
    result.set(10, equivocations);
    result.set(11, passed - accepted - equivocations);
    for (int i = 0; i < TOTALS; i++) {
      state.set(TOTALS - totals + i, 0);
    }
  }
}
