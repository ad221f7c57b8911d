// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.words;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Two sums over the words w[0], w[1], … of a buffer, by which it is known; they wrap. Words of
 * which any is missing, stale or in another's place change at least one of them, save by an
 * accident of which, where words look random, there is one in 2^63 or fewer.
 *
 * @param s0 the sum of w[i]
 * @param s1 the sum of (2 i + 1) w[i]
 */
public record Checksum(long s0, long s1) {
  private static final Checksum NONE = new Checksum(0, 0);
  private static final long BLOCK = 1 << 16;

  /**
   * Of so many words.
   *
   * @param word from i to w[i]; called by several threads
   */
  public static Checksum of(long count, LongUnaryOperator word) {
    return LongStream.range(0, (count + BLOCK - 1) / BLOCK)
        .parallel()
        .mapToObj(block -> {
          long s0 = 0;
          long s1 = 0;
          for (long i = block * BLOCK; i < Math.min(count, (block + 1) * BLOCK); i++) {
            long w = word.applyAsLong(i);
            s0 += w;
            s1 += (2 * i + 1) * w;
          }
          return new Checksum(s0, s1);
        })
        .reduce(NONE, Checksum::plus);
  }

  /** Of both together, in one numbering. */
  public Checksum plus(Checksum other) {
    return new Checksum(s0 + other.s0, s1 + other.s1);
  }
}
