// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import io.gpubench.workloads.arrays.ArrayChecksum;
import java.util.stream.LongStream;

/**
 * What all passes of a sample come to, by algebra instead of steps, so that every word of an answer
 * can be compared in one pass. Steps x = a x + b are a line, and a line after a line is one: with S
 * steps a pass, A = a^S and G = 1 + a + … + a^(S - 1), pass p maps x to A x + G b[p] and the sum of
 * N words to A s + N G b[p], modulo 2^32.
 *
 * <p>An engine that did so would leave out arithmetic, and with the sums known beforehand all
 * passes but one. It would be found out only where the rest takes less time than a ceiling allows,
 * not where one step a word is hidden behind memory; so no program of {@code configs/engines} is
 * asked for it; the engines of gpubench itself do every step. Immutable.
 */
public final class UtilizationReference {
  private static final int FACTOR = 0x915F77F5;
  private static final long BLOCK = 1 << 16;

  private final long[] keys;
  private final long words;
  private final int[] addends;
  private final int scale;
  private final int shift;

  private UtilizationReference(long[] keys, long words, int[] addends, int scale, int shift) {
    this.keys = keys;
    this.words = words;
    this.addends = addends;
    this.scale = scale;
    this.shift = shift;
  }

  /** That of a sample with these keys. Takes a pass over all words to sum them up. */
  public static UtilizationReference of(UtilizationParameters setting, long[] keys) {
    int power = 1;
    int series = 0;
    for (int step = 0; step < setting.steps(); step++) {
      series = FACTOR * series + 1;
      power *= FACTOR;
    }
    int[] addends = new int[setting.passes()];
    int scale = 1;
    int shift = 0;
    int sum = firstSum(keys, setting.words());
    for (int pass = 0; pass < addends.length; pass++) {
      addends[pass] = UtilizationOracle.addend(keys, pass, pass == 0 ? 0 : sum);
      int added = series * addends[pass];
      scale *= power;
      shift = power * shift + added;
      sum = power * sum + (int) setting.words() * added;
    }
    return new UtilizationReference(keys.clone(), setting.words(), addends, scale, shift);
  }

  private static int firstSum(long[] keys, long words) {
    return LongStream.range(0, Math.ceilDiv(words, BLOCK))
        .parallel()
        .mapToInt(block -> {
          int sum = 0;
          for (long i = block * BLOCK; i < Math.min(words, (block + 1) * BLOCK); i++) {
            sum += UtilizationOracle.first(keys, i);
          }
          return sum;
        })
        .sum();
  }

  /** What a pass adds in each of its steps. */
  int addend(int pass) {
    return addends[pass];
  }

  /** A word after the last pass. */
  public int last(long word) {
    return scale * UtilizationOracle.first(keys, word) + shift;
  }

  /** The sums over all words after the last pass. */
  public ArrayChecksum checksum() {
    return ArrayChecksum.of(words, 0, this::last);
  }
}
