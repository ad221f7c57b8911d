// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The distribution of Wilcoxon's signed-rank statistic T, the sum of the ranks of the positive
 * values by magnitude, when the values are symmetric about 0 (M. Hollander, D. A. Wolfe and E.
 * Chicken, "Nonparametric Statistical Methods", 3rd edition, section 3.1): each of the choices of
 * signs is equally likely. That holds for the ranks 1 .. n of values without ties or zeros, and,
 * given the magnitudes, for any others.
 *
 * <p>Exact up to {@value #MAX_EXACT} ranks, by counting; beyond, the normal distribution of mean
 * Σr/2 and variance Σr²/4 (for the ranks 1 .. n, n(n + 1)/4 and n(n + 1)(2n + 1)/24) with a
 * continuity correction of half a rank, by which the ranks of bounds that err with 0.5 % or more
 * are off by less than n/20. Immutable.
 */
final class SignedRankDistribution {
  /** The most ranks for which the probabilities are exact; the counts still fit a {@code long}. */
  static final int MAX_EXACT = 60;

  private final int count;
  private final long most;
  private final double variance;
  private final double correction;

  /** How many of the choices sum to at most the index; empty where the distribution is normal. */
  private final long[] choicesAtMost;

  /**
   * @param ranks of the values that are not 0, ascending
   * @param unit how much of a rank is 1
   */
  private SignedRankDistribution(int[] ranks, int unit) {
    count = ranks.length;
    long sum = 0;
    double squares = 0;
    for (int rank : ranks) {
      sum += rank;
      squares += rank * (double) rank;
    }
    most = sum;
    variance = squares / 4;
    correction = 0.5 * unit;
    choicesAtMost = count > MAX_EXACT ? new long[0] : choices(ranks, Math.toIntExact(sum));
  }

  /**
   * The distribution for so many values without ties or zeros.
   *
   * @throws IllegalArgumentException when there is none
   */
  static SignedRankDistribution of(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("signed ranks of " + count + " values");
    }
    int[] ranks = new int[count];
    Arrays.setAll(ranks, i -> i + 1);
    return new SignedRankDistribution(ranks, 1);
  }

  /**
   * The distribution of twice T, given these ranks: so the mean ranks of ties are integers too.
   *
   * @param doubled twice the rank of each value that is not 0, ascending; may be empty
   */
  static SignedRankDistribution ofDoubled(int[] doubled) {
    return new SignedRankDistribution(doubled, 2);
  }

  private static long[] choices(int[] ranks, int most) {
    long[] choices = new long[most + 1];
    choices[0] = 1;
    int reached = 0;
    for (int rank : ranks) {
      reached += rank;
      for (int sum = reached; sum >= rank; sum--) {
        choices[sum] += choices[sum - rank];
      }
    }
    for (int sum = 1; sum <= most; sum++) {
      choices[sum] += choices[sum - 1];
    }
    return choices;
  }

  /** The largest T, that of values which are all positive. */
  long most() {
    return most;
  }

  /** Whether the probabilities are counted, not those of a normal distribution. */
  boolean exact() {
    return count <= MAX_EXACT;
  }

  /** The probability that T is at most {@code sum}, which may be any number. */
  double cumulativeProbability(long sum) {
    if (sum < 0) {
      return 0;
    }
    if (sum >= most) {
      return 1;
    }
    if (exact()) {
      return Math.scalb((double) choicesAtMost[(int) sum], -count);
    }
    return NormalDistribution.of(most / 2.0, Math.sqrt(variance))
        .cumulativeProbability(sum + correction);
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
