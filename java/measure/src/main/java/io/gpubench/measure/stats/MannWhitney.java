// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Mann and Whitney's test that two independent samples come from one distribution, by Commons
 * Statistics, and Cliff's delta (N. Cliff, "Dominance Statistics: Ordinal Analyses to Answer
 * Ordinal Questions", Psychological Bulletin 114(3), 1993). Exact without ties and with at most
 * {@value #MAX_EXACT} values in either sample; else by the normal distribution with corrections for
 * ties and continuity.
 *
 * @param u of the pairs of one X and one Y, in how many X is larger, an equal pair counting half
 * @param twoSided how likely a U as far from its mean or farther is, in 0 .. 1
 * @param less how likely one as small or smaller is: small where X is less than Y
 * @param greater how likely one as large or larger is: small where X is greater than Y
 * @param cliffsDelta P(Y > X) - P(Y < X) over the pairs, in -1 .. 1: above 0 where Y is greater
 * @param exact whether the probabilities are
 */
public record MannWhitney(
    double u, double twoSided, double less, double greater, double cliffsDelta, boolean exact) {
  /** The most values in one sample for which the probabilities are exact. */
  public static final int MAX_EXACT = RankSumDistribution.MAX_EXACT;

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
    if (constantX && constantY) {
      return new MannWhitney(pairs / 2, 1, 1, 1, 0, false);
    }
    MannWhitneyUTest.Result asymptotic =
        TEST.with(PValueMethod.ASYMPTOTIC).with(AlternativeHypothesis.TWO_SIDED).test(x, y);
    double u = asymptotic.getStatistic();
    boolean exact = !asymptotic.hasTiedValues() && Math.max(x.length, y.length) <= MAX_EXACT;
    MannWhitneyUTest test = TEST.with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC);
    return new MannWhitney(
        u,
        probability(test, AlternativeHypothesis.TWO_SIDED, x, y),
        probability(test, AlternativeHypothesis.LESS_THAN, x, y),
        probability(test, AlternativeHypothesis.GREATER_THAN, x, y),
        1 - 2 * u / pairs,
        exact);
  }

  private static double probability(
      MannWhitneyUTest test, AlternativeHypothesis alternative, double[] x, double[] y) {
    return Math.clamp(test.with(alternative).test(x, y).getPValue(), 0.0, 1.0);
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
