// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;

/**
 * Wilcoxon's signed-rank test that values are symmetric about 0 (F. Wilcoxon, "Individual
 * Comparisons by Ranking Methods", Biometrics Bulletin 1(6), 1945). Ties have the mean of their
 * ranks; zeros are ranked and then left out (J. W. Pratt, "Remarks on Zeros and Ties in the
 * Wilcoxon Signed Rank Procedures", JASA 54(287), 1959). Given the magnitudes, every choice of
 * signs is equally likely, which is counted with ties and zeros as without: so the probabilities
 * are exact up to {@value SignedRankDistribution#MAX_EXACT} values other than 0, and those of a
 * normal distribution beyond.
 *
 * @param values how many there were, zeros included
 * @param statistic the sum of the ranks of the positive values
 * @param twoSided how likely a statistic as far from its mean or farther is, in (0, 1]
 * @param greater how likely one as large or larger is: small where the centre is above 0
 * @param less how likely one as small or smaller is: small where the centre is below 0
 */
public record SignedRankTest(
    int values, double statistic, double twoSided, double greater, double less) {
  /** The most values that are accepted, so that twice the sum of all ranks is an {@code int}. */
  public static final int MAX_VALUES = 40_000;

  /**
   * Tests the values.
   *
   * @param values at least one and at most {@value #MAX_VALUES}, all finite, in any order; left as
   *     they are
   * @throws IllegalArgumentException when there is none, too many, or one is not finite
   */
  public static SignedRankTest of(double[] values) {
    if (values.length < 1 || values.length > MAX_VALUES) {
      throw new IllegalArgumentException(
          "a signed-rank test of " + values.length + " values; expected 1 to " + MAX_VALUES);
    }
    double[] ordered = values.clone();
    double[] magnitudes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException("a signed-rank test with the value " + values[i]);
      }
      magnitudes[i] = Math.abs(values[i]);
    }
    Arrays.sort(ordered);
    Arrays.sort(magnitudes);
    int zeros = 0;
    while (zeros < magnitudes.length && magnitudes[zeros] == 0) {
      zeros++;
    }
    int[] doubled = new int[magnitudes.length - zeros];
    long positive = 0;
    for (int from = zeros, to; from < magnitudes.length; from = to) {
      double magnitude = magnitudes[from];
      to = from + 1;
      while (to < magnitudes.length && magnitudes[to] == magnitude) {
        to++;
      }
      int rank = from + 1 + to; // twice the mean of the ranks from + 1 .. to
      Arrays.fill(doubled, from - zeros, to - zeros, rank);
      positive += (long) rank * occurrences(ordered, magnitude);
    }
    SignedRankDistribution distribution = SignedRankDistribution.ofDoubled(doubled);
    double less = distribution.cumulativeProbability(positive);
    double greater = distribution.cumulativeProbability(distribution.most() - positive);
    return new SignedRankTest(
        values.length, positive / 2.0, Math.min(1, 2 * Math.min(less, greater)), greater, less);
  }

  /** How often the value is there; it is there at least once, or its negative is. */
  private static int occurrences(double[] ascending, double value) {
    return firstAbove(ascending, value) - firstAbove(ascending, Math.nextDown(value));
  }

  private static int firstAbove(double[] ascending, double value) {
    int from = 0;
    int to = ascending.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (ascending[middle] > value) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
