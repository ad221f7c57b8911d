// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Objects;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/**
 * How well the samples so far determine their median; what a stopping rule asks. Owns the scratch
 * space, 8.1 bytes per sample, and allocates nothing else that grows with the samples. For one
 * thread at a time; nothing to close.
 *
 * <p>One call costs a linear selection and the autocorrelation, of the order of 20 ns per sample.
 */
public final class MedianPrecision {
  private static final double MEDIAN = 0.5;

  /**
   * At probability (k - 1/2) / n this estimator gives the k-th order statistic, at 1/2 the usual
   * median.
   */
  private static final Quantile ORDER_STATISTICS =
      Quantile.withDefaults().with(EstimationMethod.HF2).withCopy(false);

  private final double[] scratch;
  private final ThresholdIndicator indicator;

  /**
   * For series of up to that many samples.
   *
   * @throws IllegalArgumentException when {@code maxSamples} is less than 1
   */
  public MedianPrecision(int maxSamples) {
    if (maxSamples < 1) {
      throw new IllegalArgumentException("room for " + maxSamples + " samples");
    }
    scratch = new double[maxSamples];
    indicator = new ThresholdIndicator(maxSamples);
  }

  /**
   * Half the width of the median's {@link QuantileInterval} over the median, autocorrelation taken
   * into account.
   *
   * @param nanos durations in order of time, each in 0 .. 2^53 ns; left as they are
   * @param count how many of them, from the first
   * @return a ratio, 0 where the bounds are equal; infinite where the samples are too few for an
   *     interval or the median is 0 and the bounds are not; never NaN
   * @throws IndexOutOfBoundsException when {@code count} is more than there are or than there is
   *     room for
   * @throws IllegalArgumentException when {@code count} is less than 1
   */
  public double relativeHalfWidth(long[] nanos, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("no samples");
    }
    Objects.checkFromIndexSize(0, count, Math.min(nanos.length, scratch.length));
    for (int i = 0; i < count; i++) {
      scratch[i] = nanos[i];
    }
    double median = ORDER_STATISTICS.evaluateRange(scratch, 0, count, MEDIAN);
    OrderStatisticRanks ranks =
        OrderStatisticRanks.of(
            count,
            indicator.autocorrelationTime(nanos, count, MEDIAN, median),
            MEDIAN,
            QuantileInterval.CONFIDENCE);
    Integer lower = ranks.lower();
    Integer upper = ranks.upper();
    if (lower == null || upper == null) {
      return Double.POSITIVE_INFINITY;
    }
    double[] bounds =
        ORDER_STATISTICS.evaluateRange(
            scratch, 0, count, (lower - 0.5) / count, (upper - 0.5) / count);
    double halfWidth = (bounds[1] - bounds[0]) / 2;
    return halfWidth == 0 ? 0 : halfWidth / median;
  }
}
