// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import io.gpubench.measure.stats.Statistics.Flagged;
import io.gpubench.measure.stats.Statistics.Intervals;
import io.gpubench.measure.stats.Statistics.Outliers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.descriptive.Median;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@link Statistics#ofProcesses}. Values are sorted before they are added up, so that
 * the order of the processes makes no difference, not even in the last digit.
 */
final class ProcessStatistics {
  // A process with fewer samples never went beyond the quantile: ceil(1 / (1 - q)).
  private static final int MEDIAN_SAMPLES = 2;
  private static final int P95_SAMPLES = 20;
  private static final int P99_SAMPLES = 100;
  private static final int P999_SAMPLES = 1_000;

  private ProcessStatistics() {}

  static Statistics combine(List<Statistics> each, long fewestSamples) {
    SignedRankInterval median = centre(each, Statistics::median);
    SignedRankInterval p95 = centre(each, Statistics::p95);
    SignedRankInterval p99 = centre(each, Statistics::p99);
    SignedRankInterval p999 = centre(each, Statistics::p999);
    double mean = mean(each, Statistics::mean);
    Double stdDev = rootMeanSquare(each, Statistics::stdDev);
    return new Statistics(
        median.estimate(),
        median.estimate(),
        p95.estimate(),
        p99.estimate(),
        p999.estimate(),
        each.stream().mapToLong(Statistics::min).min().orElseThrow(),
        each.stream().mapToLong(Statistics::max).max().orElseThrow(),
        mean,
        stdDev,
        Median.withDefaults().evaluate(sorted(each, Statistics::mad)),
        stdDev == null || mean == 0 ? null : (Double) (stdDev / mean),
        median(each, Statistics::drift),
        median(each, Statistics::lag1),
        each.stream().mapToDouble(Statistics::effectiveSampleSize).sorted().sum(),
        new Intervals(
            interval(median, fewestSamples >= MEDIAN_SAMPLES),
            interval(p95, fewestSamples >= P95_SAMPLES),
            interval(p99, fewestSamples >= P99_SAMPLES),
            interval(p999, fewestSamples >= P999_SAMPLES)),
        new Outliers(
            combine(each.stream().map(s -> s.outliers().threeSigma()).toList()),
            combine(each.stream().map(s -> s.outliers().mad()).toList())));
  }

  private static Flagged combine(List<Flagged> each) {
    return new Flagged(
        each.stream().mapToLong(Flagged::count).sum(),
        centre(each, Flagged::median).estimate(),
        mean(each, Flagged::mean),
        rootMeanSquare(each, Flagged::stdDev));
  }

  private static QuantileInterval interval(SignedRankInterval centre, boolean reached) {
    return reached
        ? new QuantileInterval(
            centre.lower(), centre.upper(), centre.confidence(), centre.coverage())
        : new QuantileInterval(null, null, centre.confidence(), null);
  }

  private static <T> SignedRankInterval centre(List<T> each, ToDoubleFunction<T> value) {
    return SignedRankInterval.geometric(sorted(each, value), QuantileInterval.CONFIDENCE);
  }

  private static <T> double mean(List<T> each, ToDoubleFunction<T> value) {
    return each.stream().mapToDouble(value).sorted().average().orElseThrow();
  }

  private static <T> double[] sorted(List<T> each, ToDoubleFunction<T> value) {
    return each.stream().mapToDouble(value).sorted().toArray();
  }

  /** Null where any process has none. */
  static <T> @Nullable Double rootMeanSquare(List<T> each, Function<T, @Nullable Double> value) {
    List<Double> present = present(each, value);
    return present.size() < each.size() ? null : (Double) Math.sqrt(mean(present, x -> x * x));
  }

  /** Of the processes that have one; null where none has. */
  private static @Nullable Double median(
      List<Statistics> each, Function<Statistics, @Nullable Double> value) {
    List<Double> present = present(each, value);
    return present.isEmpty()
        ? null
        : (Double) Median.withDefaults().evaluate(sorted(present, x -> x));
  }

  private static <T> List<Double> present(List<T> each, Function<T, @Nullable Double> value) {
    var present = new ArrayList<Double>();
    for (T one : each) {
      Double found = value.apply(one);
      if (found != null) {
        present.add(found);
      }
    }
    return present;
  }
}
