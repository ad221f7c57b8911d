// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Mann and Whitney's test that two independent samples come from one distribution, and Cliff's
 * delta (N. Cliff, "Dominance Statistics: Ordinal Analyses to Answer Ordinal Questions",
 * Psychological Bulletin 114(3), 1993). Exact without ties and with at most {@value #MAX_EXACT}
 * values in either sample, by Commons Statistics; exact with ties and at most {@value
 * #MAX_EXACT_TIED}, as given the ranks, of which equal values share the mean, each choice of those
 * of the first sample is equally likely (E. L. Lehmann, "Nonparametrics", 1975, section 1.4), which
 * is counted; else by the normal distribution with corrections for ties and continuity, by Commons
 * Statistics.
 *
 * @param u of the pairs of one X and one Y, in how many X is larger, an equal pair counting half
 * @param twoSided how likely a U as far from its mean or farther is, in 0 .. 1; where exact, twice
 *     the smaller one-sided probability
 * @param less how likely one as small or smaller is: small where X is less than Y
 * @param greater how likely one as large or larger is: small where X is greater than Y
 * @param cliffsDelta P(Y > X) - P(Y < X) over the pairs, in -1 .. 1: above 0 where Y is greater
 * @param exact whether the probabilities are
 */
public record MannWhitney(
    double u, double twoSided, double less, double greater, double cliffsDelta, boolean exact) {
  /** The most values in one sample for which the probabilities are exact without ties. */
  public static final int MAX_EXACT = RankSumDistribution.MAX_EXACT;

  /** The most values in one sample for which they are exact with ties. */
  public static final int MAX_EXACT_TIED = 25;

  private static final MannWhitneyUTest TEST =
      MannWhitneyUTest.withDefaults().with(ContinuityCorrection.ENABLED);

  /**
   * Tests two samples.
   *
   * @param x at least one value, all finite, in any order; left as they are
   * @param y the same of the other sample
   * @throws IllegalArgumentException when one is empty or a value is not finite
   */
  public static MannWhitney of(double[] x, double[] y) {
    if (x.length == 0 || y.length == 0) {
      throw new IllegalArgumentException(
          "a test of " + x.length + " against " + y.length + " values");
    }
    boolean constantX = all(x, x[0]);
    boolean constantY = all(y, x[0]);
    double pairs = (double) x.length * y.length;
    int largest = Math.max(x.length, y.length);
    if (constantX && constantY) {
      return new MannWhitney(pairs / 2, 1, 1, 1, 0, largest <= MAX_EXACT_TIED);
    }
    boolean tied = TEST.with(PValueMethod.ASYMPTOTIC).test(x, y).hasTiedValues();
    return tied && largest <= MAX_EXACT_TIED
        ? counted(x, y)
        : byCommons(
            x, y, !tied && largest <= MAX_EXACT ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC);
  }

  /** By one of the methods of Commons Statistics, of values that are not all equal. */
  static MannWhitney byCommons(double[] x, double[] y, PValueMethod method) {
    MannWhitneyUTest test = TEST.with(method);
    double u = test.statistic(x, y);
    return new MannWhitney(
        u,
        probability(test, AlternativeHypothesis.TWO_SIDED, x, y),
        probability(test, AlternativeHypothesis.LESS_THAN, x, y),
        probability(test, AlternativeHypothesis.GREATER_THAN, x, y),
        1 - 2 * u / x.length / y.length,
        method == PValueMethod.EXACT);
  }

  private static double probability(
      MannWhitneyUTest test, AlternativeHypothesis alternative, double[] x, double[] y) {
    return Math.clamp(test.with(alternative).test(x, y).getPValue(), 0.0, 1.0);
  }

  /** By all choices of as many ranks as there are in X. */
  private static MannWhitney counted(double[] x, double[] y) {
    double[] sorted = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, sorted, x.length, y.length);
    Arrays.sort(sorted);
    int[] doubled = new int[sorted.length]; // twice the mean rank of each value
    for (int from = 0, to; from < sorted.length; from = to) {
      to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      Arrays.fill(doubled, from, to, from + 1 + to);
    }
    int sum = 0;
    for (double value : x) {
      // -0.0 and 0.0 are equal, and sorted next to each other
      int place = Arrays.binarySearch(sorted, value);
      sum += doubled[place];
    }
    long[] choices = choices(doubled, x.length);
    double all = 0;
    double atMost = 0;
    double atLeast = 0;
    for (int of = 0; of < choices.length; of++) {
      all += choices[of];
      atMost += of <= sum ? choices[of] : 0;
      atLeast += of >= sum ? choices[of] : 0;
    }
    double less = atMost / all;
    double greater = atLeast / all;
    double u = (sum - x.length * (x.length + 1)) / 2.0;
    return new MannWhitney(
        u,
        Math.min(1, 2 * Math.min(less, greater)),
        less,
        greater,
        1 - 2 * u / x.length / y.length,
        true);
  }

  /** By their sum, how many choices of so many ranks there are; they fit a {@code long}. */
  private static long[] choices(int[] ranks, int count) {
    int most = 0;
    for (int i = 0; i < count; i++) {
      most += ranks[ranks.length - 1 - i];
    }
    long[][] ways = new long[count + 1][most + 1];
    ways[0][0] = 1;
    for (int seen = 0; seen < ranks.length; seen++) {
      int rank = ranks[seen];
      for (int chosen = Math.min(count, seen + 1); chosen > 0; chosen--) {
        for (int sum = most; sum >= rank; sum--) {
          ways[chosen][sum] += ways[chosen - 1][sum - rank];
        }
      }
    }
    return ways[count];
  }

  /** Whether all of them are that value; refuses one that is not finite. */
  private static boolean all(double[] values, double value) {
    boolean all = true;
    for (double each : values) {
      if (!Double.isFinite(each)) {
        throw new IllegalArgumentException("a test with the value " + each);
      }
      all &= each == value;
    }
    return all;
  }
}
