// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.random;

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random
 * Numbers: As Easy as 1, 2, 3" (SC 2011), with the constants of their Random123 library.
 *
 * <p>A block of four 32-bit words x0 .. x3 is a pure function of three 64-bit numbers:
 *
 * <pre>
 * key     k0 = low half of seed    k1 = high half of seed
 * counter c0 = low half of index   c1 = high half of index
 *         c2 = low half of stream  c3 = high half of stream
 * </pre>
 *
 * <p>It is handed out as two 64-bit words, {@code x0 | x1 << 32} and {@code x2 | x3 << 32}.
 * Stateless; any thread may use it.
 */
public final class Philox {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private Philox() {}

  /** Writes both words of a block: {@code block[0]} and {@code block[1]}. */
  public static void block(long seed, long stream, long index, long[] block) {
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    int c0 = (int) index;
    int c1 = (int) (index >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & LOW_HALF) * (c0 & LOW_HALF);
      long product1 = (MULTIPLIER_1 & LOW_HALF) * (c2 & LOW_HALF);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    block[0] = (c0 & LOW_HALF) | (long) c1 << 32;
    block[1] = (c2 & LOW_HALF) | (long) c3 << 32;
  }

  /**
   * Scales a random word to {@code 0 .. bound - 1}: the high half of the 128-bit product. The
   * probability of a value differs from 1/bound by at most 2^-64.
   *
   * @param word uniform over all 64-bit values
   * @param bound at least 1, signed
   */
  public static long below(long bound, long word) {
    return Math.unsignedMultiplyHigh(word, bound);
  }

  /** Scales a random word to {@code [0, 1)}: a multiple of 2^-53, from the highest 53 bits. */
  public static double unit(long word) {
    return (word >>> 11) * 0x1p-53;
  }
}
