// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.statistics.descriptive.LongStatistics;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;
import org.apache.commons.statistics.descriptive.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of one process say, or of several by {@link #ofProcesses}. Durations are in
 * nanoseconds, ratios are plain numbers. No value is ever NaN or infinite; what is not defined for
 * the samples at hand is null. Outliers are counted and stay in every value outside {@code
 * outliers}.
 *
 * <p>Quantiles are of Hyndman and Fan's type 7 (linear between the order statistics around rank 1 +
 * (n - 1) q; "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996), as
 * in R and NumPy by default.
 *
 * @param median the 0.5 quantile
 * @param p50 the same as {@code median}, for those who read percentiles
 * @param p95 the 0.95 quantile
 * @param p99 the 0.99 quantile
 * @param p999 the 0.999 quantile
 * @param min the smallest sample
 * @param max the largest sample
 * @param mean the arithmetic mean
 * @param stdDev the sample standard deviation, with n - 1; null for one sample
 * @param mad the median absolute deviation from the median, unscaled; for a normal distribution,
 *     1.4826 of it estimate the standard deviation
 * @param cv the coefficient of variation, {@code stdDev / mean}; null for one sample or a mean of 0
 * @param drift (median of the last third - median of the first third) / median; null for fewer than
 *     {@value #MIN_DRIFT_SAMPLES} samples or a median of 0
 * @param lag1 the autocorrelation of neighbouring samples, in -1 .. 1; null for fewer than three
 *     samples or equal ones
 * @param effectiveSampleSize how many independent samples would determine the median as well, in 1
 *     .. n
 * @param intervals 95 % confidence intervals of the quantiles, each at its own effective sample
 *     size, or over several processes at their number
 * @param outliers what two rules would flag
 */
public record Statistics(
    double median,
    double p50,
    double p95,
    double p99,
    double p999,
    long min,
    long max,
    double mean,
    @Nullable Double stdDev,
    double mad,
    @Nullable Double cv,
    @Nullable Double drift,
    @Nullable Double lag1,
    double effectiveSampleSize,
    Intervals intervals,
    Outliers outliers) {
  /**
   * The longest duration that is accepted, 2^53 ns or 104 days: up to it, a {@code double} is
   * exact.
   */
  public static final long MAX_NANOS = 1L << 53;

  /** Below so many samples, thirds are too short to speak of drift. */
  public static final int MIN_DRIFT_SAMPLES = 30;

  /** Times this, the median absolute deviation of normal samples is their standard deviation. */
  static final double NORMAL_MAD_SCALE = 1.4826;

  private static final Quantile QUANTILE = Quantile.withDefaults().with(EstimationMethod.HF7);
  private static final Median MEDIAN_IN_PLACE = Median.withDefaults().withCopy(false);
  private static final Set<Statistic> MOMENTS =
      EnumSet.of(Statistic.MEAN, Statistic.STANDARD_DEVIATION);

  /** The intervals of the quantiles that a record shows. */
  public record Intervals(
      QuantileInterval median, QuantileInterval p95, QuantileInterval p99, QuantileInterval p999) {}

  /**
   * The outliers by two rules; which of them to trust is the reader's choice.
   *
   * @param threeSigma farther than three standard deviations from the mean
   * @param mad farther than 3 * 1.4826 {@code mad} from the median; where more than half of the
   *     samples are equal, that is every sample that differs from them
   */
  public record Outliers(Flagged threeSigma, Flagged mad) {}

  /**
   * The samples that one rule flags, and what the others say.
   *
   * @param count how many are flagged
   * @param median the median of the others, in nanoseconds
   * @param mean the mean of the others, in nanoseconds
   * @param stdDev the sample standard deviation of the others, in nanoseconds; null where only one
   *     is left
   */
  public record Flagged(long count, double median, double mean, @Nullable Double stdDev) {}

  /**
   * The statistics of all the durations.
   *
   * @param nanos durations in order of time, each in 0 .. {@link #MAX_NANOS}; left as they are
   * @throws IllegalArgumentException when there is none, or one is out of range
   */
  public static Statistics of(long[] nanos) {
    return of(nanos, nanos.length);
  }

  /**
   * The statistics of the first {@code count} durations.
   *
   * @param nanos durations in order of time, each in 0 .. {@link #MAX_NANOS}; left as they are
   * @throws IllegalArgumentException when {@code count} is less than 1, or a duration is out of
   *     range
   * @throws IndexOutOfBoundsException when {@code count} is more than there are
   */
  public static Statistics of(long[] nanos, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("no samples: there are no statistics of nothing");
    }
    Objects.checkFromIndexSize(0, count, nanos.length);
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    long min = sorted[0];
    long max = sorted[count - 1];
    if (min < 0 || max > MAX_NANOS) {
      throw new IllegalArgumentException(
          "durations from " + min + " to " + max + " ns; expected 0 .. " + MAX_NANOS);
    }
    double median = quantile(sorted, 0.5);
    double p95 = quantile(sorted, 0.95);
    double p99 = quantile(sorted, 0.99);
    double p999 = quantile(sorted, 0.999);
    var indicator = new ThresholdIndicator(count);
    double medianTime = indicator.autocorrelationTime(nanos, count, 0.5, median);
    var intervals =
        new Intervals(
            QuantileInterval.of(sorted, 0.5, medianTime),
            interval(nanos, sorted, indicator, 0.95, p95),
            interval(nanos, sorted, indicator, 0.99, p99),
            interval(nanos, sorted, indicator, 0.999, p999));
    double[] scratch = new double[count];
    double mad = medianAbsoluteDeviation(sorted, median, scratch);
    Flagged all = without(sorted, 0, count);
    Double stdDev = all.stdDev;
    return new Statistics(
        median,
        median,
        p95,
        p99,
        p999,
        min,
        max,
        all.mean,
        stdDev,
        mad,
        stdDev == null || all.mean == 0 ? null : (Double) (stdDev / all.mean),
        drift(nanos, count, median, scratch),
        lag1(nanos, count, all.mean),
        count / medianTime,
        intervals,
        new Outliers(
            stdDev == null ? all : beyond(sorted, all.mean, 3 * stdDev),
            beyond(sorted, median, 3 * NORMAL_MAD_SCALE * mad)));
  }

  /**
   * The statistics over several processes, of which each is one draw, however many samples it took.
   * One process is its own statistics, unchanged. Several:
   *
   * <ul>
   *   <li>quantiles are Hodges-Lehmann estimates over the processes' quantiles, and {@code
   *       intervals} their signed-rank intervals, both on the logarithm, as noise multiplies; see
   *       {@link SignedRankInterval#geometric}, also for durations of 0. Bounds are null for fewer
   *       than 6 processes, and for a quantile q that some process did not reach, having fewer than
   *       ceil(1 / (1 - q)) samples: 2 for the median, 20, 100, and 1,000 for p999;
   *   <li>{@code min} and {@code max} are over all samples;
   *   <li>{@code mean} is the mean of the means, {@code stdDev} the root mean square of those
   *       within the processes, null where one has none; {@code cv} is their ratio. What differs
   *       between processes is in none of them, but in {@link Variation};
   *   <li>{@code mad}, {@code drift} and {@code lag1} are medians over the processes that have one;
   *   <li>{@code effectiveSampleSize} is the sum; the intervals rest on the number of processes,
   *       not on it;
   *   <li>{@code outliers} are flagged by the limits of their own process and counted together;
   *       what the others say is combined like the median, mean and standard deviation above.
   * </ul>
   *
   * @param each the statistics of each process, in any order
   * @param fewestSamples the number of samples of the process that has the fewest, at least 1
   * @throws IllegalArgumentException when there is no process or one without samples
   */
  public static Statistics ofProcesses(List<Statistics> each, long fewestSamples) {
    if (each.isEmpty() || fewestSamples < 1) {
      throw new IllegalArgumentException(
          each.size() + " processes of at least " + fewestSamples + " samples");
    }
    return each.size() == 1 ? each.getFirst() : ProcessStatistics.combine(each, fewestSamples);
  }

  private static double quantile(long[] sorted, double quantile) {
    return QUANTILE.evaluate(sorted.length, i -> sorted[i], quantile);
  }

  private static QuantileInterval interval(
      long[] nanos, long[] sorted, ThresholdIndicator indicator, double quantile, double estimate) {
    return QuantileInterval.of(
        sorted, quantile, indicator.autocorrelationTime(nanos, sorted.length, quantile, estimate));
  }

  private static double medianAbsoluteDeviation(long[] sorted, double median, double[] scratch) {
    for (int i = 0; i < sorted.length; i++) {
      scratch[i] = Math.abs(sorted[i] - median);
    }
    return MEDIAN_IN_PLACE.evaluate(scratch);
  }

  private static @Nullable Double drift(long[] nanos, int count, double median, double[] scratch) {
    if (count < MIN_DRIFT_SAMPLES || median == 0) {
      return null;
    }
    int third = count / 3;
    double first = median(nanos, 0, third, scratch);
    double last = median(nanos, count - third, third, scratch);
    return (last - first) / median;
  }

  private static double median(long[] nanos, int from, int count, double[] scratch) {
    for (int i = 0; i < count; i++) {
      scratch[i] = nanos[from + i];
    }
    return MEDIAN_IN_PLACE.evaluateRange(scratch, 0, count);
  }

  private static @Nullable Double lag1(long[] nanos, int count, double mean) {
    if (count < 3) {
      return null;
    }
    double previous = nanos[0] - mean;
    double squares = previous * previous;
    double products = 0;
    for (int i = 1; i < count; i++) {
      double deviation = nanos[i] - mean;
      products += previous * deviation;
      squares += deviation * deviation;
      previous = deviation;
    }
    return squares == 0 ? null : (Double) (products / squares);
  }

  /**
   * Flags the samples farther from the centre than the limit: in order, those before and after the
   * others.
   */
  private static Flagged beyond(long[] sorted, double centre, double limit) {
    int from = 0;
    while (centre - sorted[from] > limit) {
      from++;
    }
    int to = sorted.length;
    while (sorted[to - 1] - centre > limit) {
      to--;
    }
    return without(sorted, from, to);
  }

  /**
   * What the samples {@code from} to {@code to} say when the rest are flagged; the sums inside are
   * exact integers.
   */
  private static Flagged without(long[] sorted, int from, int to) {
    int count = to - from;
    LongStatistics moments = LongStatistics.ofRange(MOMENTS, sorted, from, to);
    return new Flagged(
        sorted.length - count,
        QUANTILE.evaluate(count, i -> sorted[from + i], 0.5),
        moments.getAsDouble(Statistic.MEAN),
        count < 2 ? null : (Double) moments.getAsDouble(Statistic.STANDARD_DEVIATION));
  }
}
