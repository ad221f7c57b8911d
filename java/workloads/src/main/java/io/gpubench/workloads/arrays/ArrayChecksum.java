// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.workloads.words.Words;
import java.util.function.LongToIntFunction;
import java.util.stream.LongStream;

/**
 * By what the answer of an array workload is known: two sums over its 32-bit words w[i], counted
 * through from array to array; they wrap. The second is of values that place and word determine
 * together and that look random, so that errors do not cancel out as they may in a plain sum, save
 * by an accident of which there is about one in 2^64.
 *
 * @param sum of w[i], unsigned
 * @param mixed sum of {@link #mixed w[i] and i}
 */
public record ArrayChecksum(long sum, long mixed) {
  private static final ArrayChecksum NONE = new ArrayChecksum(0, 0);
  private static final long BLOCK = 1 << 16;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  /** What a word adds to the second sum: {@code mix64(w + (i + 1) * STEP)}. */
  public static long mixed(long word, long index) {
    return Words.mix64(word + (index + 1) * Words.STEP);
  }

  /**
   * Of so many words.
   *
   * @param first index of the first of them in the answer
   * @param word from 0 .. count - 1 to a word; called by several threads
   */
  public static ArrayChecksum of(long count, long first, LongToIntFunction word) {
    return LongStream.range(0, Math.ceilDiv(count, BLOCK))
        .parallel()
        .mapToObj(block -> {
          long sum = 0;
          long mixed = 0;
          for (long i = block * BLOCK; i < Math.min(count, (block + 1) * BLOCK); i++) {
            long w = word.applyAsInt(i) & LOW_HALF;
            sum += w;
            mixed += mixed(w, first + i);
          }
          return new ArrayChecksum(sum, mixed);
        })
        .reduce(NONE, ArrayChecksum::plus);
  }

  /** Of both together, in one numbering. */
  ArrayChecksum plus(ArrayChecksum other) {
    return new ArrayChecksum(sum + other.sum, mixed + other.mixed);
  }

  /** The {@link AnswerDigest} of the answer: that of both sums. */
  public long digest() {
    return AnswerDigest.of(new long[] {sum, mixed});
  }
}
