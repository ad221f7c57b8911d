// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import org.jspecify.annotations.Nullable;

/**
 * A confidence interval of a quantile, for display and for stopping; it is never what decides
 * between two sides. That of one process is distribution-free: two of its samples. That over
 * several processes, which {@link Statistics#ofProcesses} makes, is a {@link SignedRankInterval} of
 * the processes' quantiles and has both bounds or none.
 *
 * <p>Where only the lower bound exists, the samples do not reach up to the quantile, and an
 * interpolated estimate of it can lie below that bound.
 *
 * @param lower lower bound in the unit of the samples; null where so few samples or processes have
 *     none
 * @param upper upper bound in the unit of the samples; null where so few samples or processes have
 *     none
 * @param confidence the confidence asked for, in (0, 1)
 * @param coverage the probability that an interval of these ranks encloses the quantile, at the
 *     effective sample size or the number of processes; null unless both bounds exist
 */
public record QuantileInterval(
    @Nullable Double lower, @Nullable Double upper, double confidence, @Nullable Double coverage) {
  /** The confidence of every interval in a record. */
  public static final double CONFIDENCE = 0.95;

  /**
   * The interval of one process at {@link #CONFIDENCE}.
   *
   * @param sorted the samples in ascending order, at least one
   * @param quantile in (0, 1)
   * @param autocorrelationTime integrated autocorrelation time of the indicator {x ≤ quantile} in
   *     the order of time, in samples; 1 for independent samples
   * @throws IllegalArgumentException when there is no sample or an argument is out of range
   * @see OrderStatisticRanks#of(int, double, double, double)
   */
  public static QuantileInterval of(long[] sorted, double quantile, double autocorrelationTime) {
    OrderStatisticRanks ranks =
        OrderStatisticRanks.of(sorted.length, autocorrelationTime, quantile, CONFIDENCE);
    return new QuantileInterval(
        sample(sorted, ranks.lower()), sample(sorted, ranks.upper()), CONFIDENCE, ranks.coverage());
  }

  private static @Nullable Double sample(long[] sorted, @Nullable Integer rank) {
    return rank == null ? null : (double) sorted[rank - 1];
  }
}
