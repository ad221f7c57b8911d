// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a symmetric distribution has its centre, by independent draws from it: the Hodges-Lehmann
 * estimate, which is the median of the Walsh averages (the means of all pairs, each value with
 * itself included), and the interval that inverts Wilcoxon's signed-rank test, from the k-th
 * smallest to the k-th largest Walsh average (J. L. Hodges and E. L. Lehmann, "Estimates of
 * Location Based on Rank Tests", Annals of Mathematical Statistics 34(2), 1963; M. Hollander, D. A.
 * Wolfe and E. Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 3.2 and 3.3).
 * Ties widen the interval, if anything.
 *
 * <p>Costs time and memory by the square of the number of values; meant for a few hundred.
 *
 * @param estimate in the unit of the values
 * @param lower lower bound in the unit of the values; null where so few values have none
 * @param upper upper bound; null exactly where {@code lower} is
 * @param confidence the confidence asked for, in (0, 1)
 * @param coverage the probability that an interval of these ranks encloses the centre: at least the
 *     confidence, as far as {@link SignedRankDistribution} is exact; null where there are no bounds
 */
public record SignedRankInterval(
    double estimate,
    @Nullable Double lower,
    @Nullable Double upper,
    double confidence,
    @Nullable Double coverage) {
  /** Beyond it and below its reciprocal, the product of two values is no number to rely on. */
  private static final double LARGEST_FACTOR = 1e150;

  /**
   * The centre of values whose errors add up, such as differences or logarithms.
   *
   * @param values at least one, all finite, in any order; left as they are
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static SignedRankInterval of(double[] values, double confidence) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("no centre of values of which one is " + value);
      }
    }
    return of(values, confidence, (a, b) -> 0.5 * a + 0.5 * b);
  }

  /**
   * The centre of values whose errors multiply, such as durations: that of their logarithms, taken
   * back. As the logarithm keeps the order, it is enough to take the geometric mean of each pair in
   * place of the arithmetic one. So a value of 0 needs no exception: a pair with it has the mean 0,
   * below that of every pair without, and equal values give exactly that value.
   *
   * @param values at least one, each 0 or in 1e-150 .. 1e150, in any order; left as they are
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static SignedRankInterval geometric(double[] values, double confidence) {
    for (double value : values) {
      if (!(value == 0 || (value >= 1 / LARGEST_FACTOR && value <= LARGEST_FACTOR))) {
        throw new IllegalArgumentException(
            "no geometric centre of values of which one is " + value);
      }
    }
    return of(values, confidence, (a, b) -> Math.sqrt(a * b));
  }

  private static SignedRankInterval of(
      double[] values, double confidence, DoubleBinaryOperator mean) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("an interval at confidence " + confidence);
    }
    SignedRankDistribution distribution = SignedRankDistribution.of(values.length);
    double[] averages = walshAverages(values, mean);
    int last = averages.length - 1;
    double estimate = mean.applyAsDouble(averages[last / 2], averages[averages.length / 2]);
    int rank = distribution.boundRank((1 - confidence) / 2);
    return rank == 0
        ? new SignedRankInterval(estimate, null, null, confidence, null)
        : new SignedRankInterval(
            estimate,
            averages[rank - 1],
            averages[last - (rank - 1)],
            confidence,
            1 - 2 * distribution.cumulativeProbability(rank - 1L));
  }

  private static double[] walshAverages(double[] values, DoubleBinaryOperator mean) {
    double[] averages = new double[Math.toIntExact(values.length * (values.length + 1L) / 2)];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j <= i; j++) {
        averages[next++] = mean.applyAsDouble(values[i], values[j]);
      }
    }
    Arrays.sort(averages);
    return averages;
  }
}
