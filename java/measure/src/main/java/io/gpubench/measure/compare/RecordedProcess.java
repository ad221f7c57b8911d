// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.stats.Statistics;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process said of one configuration: the unit of every comparison of recorded sides.
 *
 * @param nanos from a metric, {@link #MEDIAN} and so on, to a time in nanoseconds, each finite and
 *     more than 0; at least one
 * @param samples how many they rest on, at least 1
 * @param drift from the first to the last third of the samples, over the median; null where it is
 *     not known
 * @param effectiveSampleSize how many independent samples would tell as much; null where it is not
 *     known
 */
public record RecordedProcess(
    Map<String, Double> nanos,
    long samples,
    @Nullable Double drift,
    @Nullable Double effectiveSampleSize) {
  public static final String MEDIAN = "median";
  public static final String MEAN = "mean";
  public static final String P95 = "p95";
  public static final String P99 = "p99";

  /** Fewer samples never went beyond the quantile. */
  private static final int P95_SAMPLES = 20;

  private static final int P99_SAMPLES = 100;

  /** Where the largest of the times lands when they are made whole numbers. */
  private static final double LARGEST = 0x1p50;

  /** Shorter than anything that happens, in nanoseconds. */
  static final double SHORTEST_NANOS = 1e-6;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there is none or one is no time
   */
  public RecordedProcess {
    nanos = Collections.unmodifiableMap(new LinkedHashMap<>(nanos));
    if (nanos.isEmpty() || samples < 1) {
      throw new IllegalArgumentException(nanos + " from " + samples + " samples");
    }
    nanos.forEach((metric, time) -> {
      if (!isTime(time)) {
        throw new IllegalArgumentException("a " + metric + " of " + time + " ns");
      }
    });
  }

  /** Whether it is a number of nanoseconds that a measurement can have: 1 as to 104 days. */
  static boolean isTime(double nanos) {
    return nanos >= SHORTEST_NANOS && nanos <= Statistics.MAX_NANOS;
  }

  /**
   * Of a process of gpubench.
   *
   * @param pieces of equal work that a sample has, at least 1; the times are of one of them
   */
  static RecordedProcess of(Statistics statistics, long samples, int pieces) {
    return new RecordedProcess(
        quantiles(statistics, samples, pieces),
        samples,
        statistics.drift(),
        statistics.effectiveSampleSize());
  }

  /**
   * Of times in the order in which they were measured.
   *
   * @param times in nanoseconds, at least one, each {@link #isTime}; left as they are
   * @param single whether each is one sample; otherwise they are means of many, which have a median
   *     and no tail
   */
  static RecordedProcess of(double[] times, boolean single) {
    // a power of two, so that scaling loses nothing but what is below 2^-50 of the largest
    int exponent = Math.getExponent(LARGEST / Arrays.stream(times).max().orElseThrow());
    double scale = Math.scalb(1.0, exponent);
    long[] scaled = Arrays.stream(times).mapToLong(time -> Math.round(time * scale)).toArray();
    Statistics statistics = Statistics.of(scaled);
    Map<String, Double> nanos = quantiles(statistics, times.length, scale);
    if (single) {
      nanos.put(MEAN, statistics.mean() / scale);
    } else {
      nanos.keySet().retainAll(Set.of(MEDIAN));
    }
    return new RecordedProcess(
        nanos, times.length, statistics.drift(), statistics.effectiveSampleSize());
  }

  private static Map<String, Double> quantiles(Statistics statistics, long samples, double scale) {
    var nanos = new LinkedHashMap<String, Double>();
    nanos.put(MEDIAN, statistics.median() / scale);
    if (samples >= P95_SAMPLES) {
      nanos.put(P95, statistics.p95() / scale);
    }
    if (samples >= P99_SAMPLES) {
      nanos.put(P99, statistics.p99() / scale);
    }
    return nanos;
  }

  /**
   * Of a histogram, which does not know the order of its samples.
   *
   * @param times in nanoseconds, ascending, each {@link #isTime}
   * @param counts of each, at least 1; their sum fits a long
   */
  static RecordedProcess ofHistogram(double[] times, long[] counts) {
    long samples = Arrays.stream(counts).sum();
    var nanos = new LinkedHashMap<String, Double>();
    nanos.put(MEDIAN, quantile(times, counts, samples, 0.5));
    if (samples >= P95_SAMPLES) {
      nanos.put(P95, quantile(times, counts, samples, 0.95));
    }
    if (samples >= P99_SAMPLES) {
      nanos.put(P99, quantile(times, counts, samples, 0.99));
    }
    return new RecordedProcess(nanos, samples, null, null);
  }

  /** Hyndman and Fan's type 7, as everywhere. */
  private static double quantile(double[] times, long[] counts, long samples, double quantile) {
    double rank = (samples - 1) * quantile;
    long below = (long) Math.floor(rank);
    double low = at(times, counts, below);
    double high = at(times, counts, Math.min(samples - 1, below + 1));
    return low + (rank - below) * (high - low);
  }

  /** The time of a rank, counted from 0. */
  private static double at(double[] times, long[] counts, long rank) {
    long passed = 0;
    int i = 0;
    while (passed + counts[i] <= rank) {
      passed += counts[i++];
    }
    return times[i];
  }
}
