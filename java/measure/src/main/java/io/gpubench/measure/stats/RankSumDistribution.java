// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The distribution of Mann and Whitney's U, the number of pairs of which the first is larger, when
 * n and m values without ties come from one distribution (H. B. Mann and D. R. Whitney, "On a Test
 * of Whether one of Two Random Variables is Stochastically Larger than the Other", Annals of
 * Mathematical Statistics 18(1), 1947): each order is equally likely. The largest of all values is
 * one of the first sample with probability n/(n + m), and then larger than all m of the second.
 *
 * <p>Exact up to {@value #MAX_EXACT} values in either sample; beyond, the normal distribution of
 * mean nm/2 and variance nm(n + m + 1)/12 with a continuity correction of 1/2. Immutable.
 */
final class RankSumDistribution {
  /** The most values of one sample for which the probabilities are exact. */
  static final int MAX_EXACT = 50;

  private final long pairs;
  private final double deviation;

  /** The probability of at most the index; empty where the distribution is normal. */
  private final double[] atMost;

  private RankSumDistribution(int first, int second) {
    pairs = (long) first * second;
    deviation = Math.sqrt(pairs * (first + (double) second + 1) / 12);
    atMost = Math.max(first, second) > MAX_EXACT ? new double[0] : cumulated(first, second);
  }

  /**
   * The distribution for samples of these sizes.
   *
   * @throws IllegalArgumentException when one of them is empty
   */
  static RankSumDistribution of(int first, int second) {
    if (first < 1 || second < 1) {
      throw new IllegalArgumentException("ranks of " + first + " and " + second + " values");
    }
    return new RankSumDistribution(first, second);
  }

  private static double[] cumulated(int first, int second) {
    double[][] of =
        new double[second + 1][]; // by the size of the second sample, for n of the first
    Arrays.setAll(of, m -> new double[] {1});
    for (int n = 1; n <= first; n++) {
      for (int m = 1; m <= second; m++) {
        double[] fewerFirst = of[m];
        double[] fewerSecond = of[m - 1];
        double[] both = new double[n * m + 1];
        double share = n / (double) (n + m);
        for (int u = 0; u < fewerFirst.length; u++) {
          both[u + m] = share * fewerFirst[u];
        }
        for (int u = 0; u < fewerSecond.length; u++) {
          both[u] += (1 - share) * fewerSecond[u];
        }
        of[m] = both;
      }
    }
    double[] sums = of[second];
    for (int u = 1; u < sums.length; u++) {
      sums[u] += sums[u - 1];
    }
    return sums;
  }

  /** The probability that U is at most {@code pairs}, which may be any number. */
  double cumulativeProbability(long count) {
    if (count < 0) {
      return 0;
    }
    if (count >= pairs) {
      return 1;
    }
    return atMost.length > 0
        ? atMost[(int) count]
        : NormalDistribution.of(pairs / 2.0, deviation).cumulativeProbability(count + 0.5);
  }

  /**
   * Which difference of a pair, counted from either end, bounds a confidence interval of the shift:
   * the largest k with P(U ≤ k - 1) ≤ {@code tail}.
   *
   * @param tail the error allowed at one end, in (0, 0.5)
   * @return at least 1 where there is a bound, 0 where so few values have none
   */
  long boundRank(double tail) {
    long low = -1; // P(U ≤ low) ≤ tail
    long high = pairs; // P(U ≤ high) > tail
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (cumulativeProbability(middle) <= tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }
}
