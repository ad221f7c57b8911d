// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/**
 * The layout of a result: 64-bit words, the same for every engine.
 *
 * <pre>
 * word 0                  1 | index << 32 when proposal index is decided, else 0
 * word 1                  digest of the decided proposal, else 0
 * word 2                  weight of the decided proposal, else 0
 * words 3 .. 11           nine counts of messages, in the order of {@link ConsensusCount}
 * words 12 .. 12 + B - 1  certificate: bit v & 63 of word v >> 6 when the accepted vote of
 *                         validator v is for the decided proposal; empty without a decision
 * the next B words        equivocators: one bit per validator, as above
 * </pre>
 *
 * <p>B is ceil(V / 64); bits of V and more are 0.
 */
public final class ConsensusResult {
  /** Index of the word with the decided flag (low half) and the proposal's index (high half). */
  public static final int DECISION = 0;

  /** Index of the word with the decided digest. */
  public static final int DIGEST = 1;

  /** Index of the word with the decided weight. */
  public static final int WEIGHT = 2;

  /** Index of the first count. */
  public static final int COUNTS = 3;

  /** Index of the first word of the certificate. */
  public static final int CERTIFICATE = 12;

  private ConsensusResult() {}

  /** B: words of a bitmap with one bit for each validator. */
  public static int bitmapWords(int validators) {
    return (validators + 63) / 64;
  }

  /** Words of a result: 12 + 2 B. */
  public static int words(int validators) {
    return CERTIFICATE + 2 * bitmapWords(validators);
  }

  /** Index of the first word of the equivocator bitmap: 12 + B. */
  public static int equivocators(int validators) {
    return CERTIFICATE + bitmapWords(validators);
  }

  /** The decision word for a decided proposal: 1 in the low half, its index in the high half. */
  public static long decided(int index) {
    return 1 | (long) index << 32;
  }

  /**
   * Names the first difference between two results in one line, such as {@code count of wrong tag
   * is 41, expected 42}; {@code no difference} when there is none.
   */
  public static String mismatch(int validators, long[] expected, long[] actual) {
    int words = words(validators);
    if (actual.length != words) {
      return "the result has " + actual.length + " words, expected " + words;
    }
    for (int word = 0; word < words; word++) {
      if (expected[word] != actual[word]) {
        return difference(validators, word, expected[word], actual[word]);
      }
    }
    return "no difference";
  }

  private static String difference(int validators, int word, long expected, long actual) {
    if (word >= CERTIFICATE) {
      int bit = Long.numberOfTrailingZeros(expected ^ actual);
      int equivocators = equivocators(validators);
      boolean certificate = word < equivocators;
      long validator = 64L * (word - (certificate ? CERTIFICATE : equivocators)) + bit;
      return "%s bit of validator %d is %d, expected %d"
          .formatted(
              certificate ? "certificate" : "equivocator",
              validator,
              actual >>> bit & 1,
              expected >>> bit & 1);
    }
    if (word >= COUNTS) {
      String name = ConsensusCount.ofWord(word).words();
      return "count of %s is %s, expected %s"
          .formatted(name, Long.toUnsignedString(actual), Long.toUnsignedString(expected));
    }
    return switch (word) {
      case DECISION ->
          "decision is %s, expected %s".formatted(decision(actual), decision(expected));
      case DIGEST -> "decided digest is 0x%016x, expected 0x%016x".formatted(actual, expected);
      default ->
          "decided weight is %s, expected %s"
              .formatted(Long.toUnsignedString(actual), Long.toUnsignedString(expected));
    };
  }

  private static String decision(long word) {
    if (word == 0) {
      return "none";
    }
    boolean wellFormed = (int) word == 1 && word >>> 32 < ConsensusRound.MAX_PROPOSALS;
    return wellFormed ? "proposal " + (word >>> 32) : "malformed (0x%016x)".formatted(word);
  }
}
