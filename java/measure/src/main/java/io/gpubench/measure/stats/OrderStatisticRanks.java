// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Which order statistics bound a quantile, whatever the distribution of the samples (H. A. David
 * and H. N. Nagaraja, "Order Statistics", 3rd edition, section 7.1). Of n independent samples, the
 * number not above the q-quantile is binomial B(n, q); the lower rank is its α/2 quantile and the
 * upper rank its 1 - α/2 quantile plus one.
 *
 * @param lower rank of the lower bound, the smallest sample being 1; null where so few samples have
 *     none
 * @param upper rank of the upper bound; null where so few samples have none
 * @param coverage the probability, for a continuous distribution, that the bounds enclose the
 *     quantile: at least the confidence asked for; null unless both bounds exist
 */
public record OrderStatisticRanks(
    @Nullable Integer lower, @Nullable Integer upper, @Nullable Double coverage) {
  /**
   * The ranks among independent samples.
   *
   * @param count number of samples, at least 1
   * @param quantile q in (0, 1)
   * @param confidence 1 - α in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static OrderStatisticRanks of(int count, double quantile, double confidence) {
    if (count < 1 || !(quantile > 0 && quantile < 1) || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "ranks of the " + quantile + " quantile of " + count + " samples at " + confidence);
    }
    BinomialDistribution notAbove = BinomialDistribution.of(count, quantile);
    double alpha = 1 - confidence;
    int lower = notAbove.inverseCumulativeProbability(alpha / 2);
    int upper = notAbove.inverseCumulativeProbability(1 - alpha / 2) + 1;
    boolean hasLower = lower >= 1;
    boolean hasUpper = upper <= count;
    return new OrderStatisticRanks(
        hasLower ? lower : null,
        hasUpper ? upper : null,
        hasLower && hasUpper
            ? notAbove.cumulativeProbability(upper - 1) - notAbove.cumulativeProbability(lower - 1)
            : null);
  }

  /**
   * The ranks among autocorrelated samples: those of {@code floor(count / autocorrelationTime)}
   * independent ones, each of which stands for a block of equally many neighbours in rank. A bound
   * takes the outermost rank of its block, so scaling never narrows the interval.
   *
   * @param count number of samples, at least 1
   * @param autocorrelationTime integrated autocorrelation time of the indicator {x ≤ quantile}, in
   *     samples, at least 1
   * @param quantile q in (0, 1)
   * @param confidence 1 - α in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static OrderStatisticRanks of(
      int count, double autocorrelationTime, double quantile, double confidence) {
    if (count < 1 || !(autocorrelationTime >= 1)) {
      throw new IllegalArgumentException(
          count + " samples of autocorrelation time " + autocorrelationTime);
    }
    int effective = Math.max(1, (int) (count / autocorrelationTime));
    OrderStatisticRanks ranks = of(effective, quantile, confidence);
    Integer lower = ranks.lower;
    Integer upper = ranks.upper;
    return new OrderStatisticRanks(
        lower == null ? null : (int) ((lower - 1L) * count / effective) + 1,
        upper == null ? null : (int) Math.ceilDiv((long) upper * count, effective),
        ranks.coverage);
  }
}
