// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import io.gpubench.workloads.words.Words;

/**
 * The right answers, in plain Java. With the keys k0, k1 of a sample, modulo 2^32:
 *
 * <pre>
 * before       x[i] = high half of word(k0, i), for each of the words
 * pass p       b = (low half of word(k1, p) + s) | 1, s being 0 before the first pass
 *              for each i, steps times: x[i] = 0x915F77F5 x[i] + b
 *              s = the sum of all x[i]
 * </pre>
 *
 * <p>What a pass adds depends on every word that the pass before made, so that an engine that does
 * the steps can begin no pass before the one before it is complete. It has two arrays and goes to
 * and fro between them. An answer does not prove that it did so: {@link UtilizationReference} comes
 * to the same by algebra.
 *
 * <p>The answer, of which the digest is made: the {@value #SHOWN} words {@link #wordShown}.
 */
public final class UtilizationOracle {
  /** How many words the answer shows. */
  public static final int SHOWN = 64;

  private static final int FACTOR = 0x915F77F5;

  /** Up to so many steps all is done one after the other, without any algebra. */
  private static final double PLAIN_STEPS = 1 << 22;

  private UtilizationOracle() {}

  /** What a word is before the first pass. */
  public static int first(long[] keys, long word) {
    return (int) (Words.word(keys[0], word) >>> Integer.SIZE);
  }

  /** What a pass adds in each step, from the sum of all words before it. */
  static int addend(long[] keys, int pass, int sumBefore) {
    return ((int) Words.word(keys[1], pass) + sumBefore) | 1;
  }

  /** A word after so many steps. */
  private static int step(int word, int addend, int steps) {
    int x = word;
    for (int step = 0; step < steps; step++) {
      x = FACTOR * x + addend;
    }
    return x;
  }

  /** All words after the last pass, one step after the other. */
  static int[] solve(UtilizationParameters setting, long[] keys) {
    int[] x = new int[Math.toIntExact(setting.words())];
    for (int i = 0; i < x.length; i++) {
      x[i] = first(keys, i);
    }
    int sum = 0;
    for (int pass = 0; pass < setting.passes(); pass++) {
      int addend = addend(keys, pass, sum);
      sum = 0;
      for (int i = 0; i < x.length; i++) {
        x[i] = step(x[i], addend, setting.steps());
        sum += x[i];
      }
    }
    return x;
  }

  /** The k-th of the words that the answer shows: word(k1, 2^32 + k) mod words, unsigned. */
  public static long wordShown(UtilizationParameters setting, long[] keys, int k) {
    return Long.remainderUnsigned(Words.word(keys[1], (1L << Integer.SIZE) + k), setting.words());
  }

  /**
   * The words whose digest is the answer's, each step after step. Where a sample has more than
   * {@code 2^22} steps, what a pass adds comes from the {@link UtilizationReference}, and only the
   * words shown are stepped on.
   */
  public static long[] answer(UtilizationParameters setting, long[] keys) {
    return setting.operations() <= PLAIN_STEPS
        ? answer(setting, keys, solve(setting, keys))
        : answer(setting, keys, UtilizationReference.of(setting, keys));
  }

  private static long[] answer(UtilizationParameters setting, long[] keys, int[] all) {
    long[] shown = new long[SHOWN];
    for (int k = 0; k < SHOWN; k++) {
      shown[k] = Integer.toUnsignedLong(all[(int) wordShown(setting, keys, k)]);
    }
    return shown;
  }

  /** The same from what each pass adds. */
  static long[] answer(UtilizationParameters setting, long[] keys, UtilizationReference reference) {
    long[] shown = new long[SHOWN];
    for (int k = 0; k < SHOWN; k++) {
      int x = first(keys, wordShown(setting, keys, k));
      for (int pass = 0; pass < setting.passes(); pass++) {
        x = step(x, reference.addend(pass), setting.steps());
      }
      shown[k] = Integer.toUnsignedLong(x);
    }
    return shown;
  }
}
