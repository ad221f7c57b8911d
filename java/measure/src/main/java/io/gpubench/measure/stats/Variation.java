// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.List;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How far durations vary from process to process, and how far within one: the one-way
 * random-effects model ln x(i, j) = μ + b(i) + w(i, j) of sample j in process i. Spreads are plain
 * ratios, standard deviations on the scale of the natural logarithm: 0.05 is about 5 %. No value is
 * ever NaN or infinite; what is not defined for the processes at hand is null.
 *
 * <p>The medians of processes differ by chance even where processes do not. What is left when that
 * is taken off is the estimate by moments of T. Kalibera and R. Jones ("Rigorous Benchmarking in
 * Reasonable Time", ISMM 2013), there for means of independent samples: the variance of the means
 * less the variance within over the number of samples. Here medians take the place of means, and
 * their standard errors, which know of the autocorrelation, that of the last term.
 *
 * @param processes how many processes, at least 1
 * @param within the spread of the samples in a process: root mean square over the processes of
 *     1.4826 MAD / median, which estimates the standard deviation and is 0 where more than half of
 *     the samples are equal; null where a process has a single sample or a median of 0
 * @param observedBetween the sample standard deviation, with n - 1, of the logarithms of the
 *     processes' medians; null for one process or where a median is 0
 * @param samplingError the part of {@code observedBetween} that chance explains: the median over
 *     the processes, so that one disturbed process does not decide, of the standard error of
 *     ln(median), which is half the width of the median's interval / z / median, with z the normal
 *     quantile at the coverage of that interval, 1.96 for 95 %; null where half of the processes or
 *     more have no such interval
 * @param between what differs from process to process beyond chance: sqrt(max(0, observedBetween^2
 *     - samplingError^2)); null where one of them is
 * @param smallestMedianNanos the smallest of the processes' medians
 * @param largestMedianNanos the largest of the processes' medians
 */
public record Variation(
    int processes,
    @Nullable Double within,
    @Nullable Double observedBetween,
    @Nullable Double samplingError,
    @Nullable Double between,
    double smallestMedianNanos,
    double largestMedianNanos) {

  /**
   * The variation between and within processes.
   *
   * @param each the statistics of each process, in any order
   * @throws IllegalArgumentException when there is none
   */
  public static Variation of(List<Statistics> each) {
    if (each.isEmpty()) {
      throw new IllegalArgumentException("no processes: there is no variation of nothing");
    }
    double[] medians = each.stream().mapToDouble(Statistics::median).sorted().toArray();
    Double observed = logStandardDeviation(medians);
    Double error = samplingError(each);
    return new Variation(
        medians.length,
        ProcessStatistics.rootMeanSquare(each, Variation::spread),
        observed,
        error,
        observed == null || error == null
            ? null
            : (Double) Math.sqrt(Math.max(0, observed * observed - error * error)),
        medians[0],
        medians[medians.length - 1]);
  }

  private static @Nullable Double spread(Statistics process) {
    return process.stdDev() == null || process.median() == 0
        ? null
        : (Double) (Statistics.NORMAL_MAD_SCALE * process.mad() / process.median());
  }

  private static @Nullable Double samplingError(List<Statistics> each) {
    double[] errors = each.stream().mapToDouble(Variation::standardError).toArray();
    double median = Median.withDefaults().evaluate(errors);
    return Double.isInfinite(median) ? null : (Double) median;
  }

  /** Of ln(median); infinite where there is no interval to tell it by. */
  private static double standardError(Statistics process) {
    QuantileInterval interval = process.intervals().median();
    Double lower = interval.lower();
    Double upper = interval.upper();
    Double coverage = interval.coverage();
    if (lower == null || upper == null || coverage == null || process.median() == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + coverage) / 2);
    return (upper - lower) / 2 / z / process.median();
  }

  /** Logarithms of ratios to the smallest, so that equal values give exactly 0. */
  private static @Nullable Double logStandardDeviation(double[] sorted) {
    if (sorted.length < 2 || sorted[0] == 0) {
      return null;
    }
    double mean = 0;
    for (double value : sorted) {
      mean += Math.log(value / sorted[0]) / sorted.length;
    }
    double squares = 0;
    for (double value : sorted) {
      double deviation = Math.log(value / sorted[0]) - mean;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares / (sorted.length - 1));
  }
}
