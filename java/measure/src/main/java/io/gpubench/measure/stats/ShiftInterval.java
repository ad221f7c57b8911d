// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far one of two independent samples is shifted against the other: the Hodges-Lehmann estimate,
 * which is the median of the differences of all pairs, and the interval that inverts {@link
 * MannWhitney}'s test, from the k-th smallest to the k-th largest difference (M. Hollander, D. A.
 * Wolfe and E. Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 4.2 and 4.3).
 * Ties widen the interval, if anything. On logarithms it is that of a ratio.
 *
 * <p>Costs time and memory by the product of the numbers of values, {@value #MAX_PAIRS} pairs at
 * most.
 *
 * @param estimate of Y - X, in the unit of the values
 * @param lower lower bound; null where so few values have none
 * @param upper upper bound; null exactly where {@code lower} is
 * @param confidence the confidence asked for, in (0, 1)
 * @param coverage the probability that an interval of these ranks encloses the shift: at least the
 *     confidence, as far as the distribution is exact (up to {@value RankSumDistribution#MAX_EXACT}
 *     values in either sample); null where there are no bounds
 */
public record ShiftInterval(
    double estimate,
    @Nullable Double lower,
    @Nullable Double upper,
    double confidence,
    @Nullable Double coverage) {
  /** The most pairs that are accepted. */
  public static final int MAX_PAIRS = 50_000_000;

  /**
   * The shift from X to Y.
   *
   * @param x at least one value, all finite, in any order; left as they are
   * @param y the same of the other sample
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static ShiftInterval of(double[] x, double[] y, double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("an interval at confidence " + confidence);
    }
    long pairs = (long) x.length * y.length;
    if (pairs < 1 || pairs > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "a shift between " + x.length + " and " + y.length + " values");
    }
    double[] differences = new double[(int) pairs];
    int next = 0;
    for (double from : x) {
      for (double to : y) {
        double difference = to - from;
        if (!Double.isFinite(difference)) {
          throw new IllegalArgumentException("a shift from " + from + " to " + to);
        }
        differences[next++] = difference;
      }
    }
    Arrays.sort(differences);
    int last = differences.length - 1;
    double estimate = 0.5 * differences[last / 2] + 0.5 * differences[differences.length / 2];
    RankSumDistribution distribution = RankSumDistribution.of(x.length, y.length);
    int rank = (int) distribution.boundRank((1 - confidence) / 2);
    return rank == 0
        ? new ShiftInterval(estimate, null, null, confidence, null)
        : new ShiftInterval(
            estimate,
            differences[rank - 1],
            differences[last - (rank - 1)],
            confidence,
            1 - 2 * distribution.cumulativeProbability(rank - 1L));
  }
}
