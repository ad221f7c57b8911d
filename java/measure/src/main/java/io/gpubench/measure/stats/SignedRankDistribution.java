// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The distribution of Wilcoxon's signed-rank statistic T, the sum of the ranks of the positive
 * values by magnitude, when n values without ties or zeros are symmetric about 0 (M. Hollander, D.
 * A. Wolfe and E. Chicken, "Nonparametric Statistical Methods", 3rd edition, section 3.1): each of
 * the 2^n choices of ranks 1 .. n is equally likely.
 *
 * <p>Exact up to {@value #MAX_EXACT} values, by counting; beyond, the normal distribution of mean
 * n(n + 1)/4 and variance n(n + 1)(2n + 1)/24 with a continuity correction of 1/2, by which the
 * ranks of bounds that err with 0.5 % or more are off by less than n/20. Immutable.
 */
final class SignedRankDistribution {
  /** The most values for which the probabilities are exact; the counts still fit a {@code long}. */
  static final int MAX_EXACT = 60;

  private final int count;

  /** How many of the choices sum to at most the index; empty where the distribution is normal. */
  private final long[] choicesAtMost;

  private SignedRankDistribution(int count, long[] choicesAtMost) {
    this.count = count;
    this.choicesAtMost = choicesAtMost;
  }

  /**
   * The distribution for so many values.
   *
   * @throws IllegalArgumentException when there is none
   */
  static SignedRankDistribution of(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("signed ranks of " + count + " values");
    }
    return new SignedRankDistribution(count, count > MAX_EXACT ? new long[0] : choices(count));
  }

  private static long[] choices(int count) {
    long[] choices = new long[count * (count + 1) / 2 + 1];
    choices[0] = 1;
    for (int rank = 1; rank <= count; rank++) {
      for (int sum = rank * (rank + 1) / 2; sum >= rank; sum--) {
        choices[sum] += choices[sum - rank];
      }
    }
    Arrays.parallelPrefix(choices, Long::sum);
    return choices;
  }

  /** The probability that T is at most {@code sum}, which may be any number. */
  double cumulativeProbability(long sum) {
    if (sum < 0) {
      return 0;
    }
    if (sum >= count * (count + 1L) / 2) {
      return 1;
    }
    if (count <= MAX_EXACT) {
      return Math.scalb((double) choicesAtMost[(int) sum], -count);
    }
    double square = count * (count + 1.0);
    return NormalDistribution.of(square / 4, Math.sqrt(square * (2.0 * count + 1) / 24))
        .cumulativeProbability(sum + 0.5);
  }

  /**
   * Which Walsh average, counted from either end, bounds a confidence interval: the largest k of
   * which T stays below with at most that probability, P(T ≤ k - 1) ≤ {@code tail}.
   *
   * @param tail the error allowed at one end, in (0, 0.5)
   * @return at least 1 where there is a bound, 0 where so few values have none
   * @throws IllegalArgumentException when {@code tail} is out of range
   */
  int boundRank(double tail) {
    if (!(tail > 0 && tail < 0.5)) {
      throw new IllegalArgumentException("a bound that errs with probability " + tail);
    }
    int rank = 0;
    while (cumulativeProbability(rank) <= tail) {
      rank++;
    }
    return rank;
  }
}
