// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdIndicatorTest {
  @ParameterizedTest
  @EnumSource(
      value = SampleShape.class,
      names = {"NORMAL", "LOGNORMAL", "AR1", "SORTED", "HUGE"})
  void agreesWithPlainSums(SampleShape shape) {
    var reused = new ThresholdIndicator(1_100);
    for (int count : new int[] {1, 2, 7, 63, 64, 65, 127, 128, 129, 640, 1_000, 1_024}) {
      for (double quantile : new double[] {0.5, 0.95, 0.99}) {
        long[] samples = shape.samples(count, count);
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        double estimate = (double) sorted[(int) Math.ceil(quantile * count) - 1];
        assertEquals(
            plainTime(samples, estimate),
            reused.autocorrelationTime(samples, count, quantile, estimate),
            1e-9,
            shape + " " + count + " " + quantile);
      }
    }
  }

  /** Runs so long that the series is thinned, against the sums over all lags. */
  @ParameterizedTest
  @CsvSource({"20000, 60", "65537, 300", "200001, 1000"})
  void thinningKeepsTheTime(int count, int meanRun) {
    var random = new Random(count);
    long[] samples = new long[count];
    for (int i = 1; i < count; i++) {
      samples[i] = random.nextInt(meanRun) == 0 ? 1 - samples[i - 1] : samples[i - 1];
    }
    // Flips at rate r per step leave a correlation of (1 - 2r)^k, so that the true time is about 1
    // / r.
    double time = time(samples, 0.5, 0);
    assertEquals(plainTime(samples, 0), time, 0.02 * time);
    assertEquals(meanRun, time, 0.4 * meanRun);
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000, 1_000_000})
  void aTrendIsWorthAHandfulOfSamples(int count) {
    double time = time(LongStream.range(0, count).toArray(), 0.5, (count - 1) / 2.0);
    assertEquals(3.2, count / time, 0.1);
  }

  @Test
  void alternatingCountsAsIndependent() {
    assertEquals(1, time(LongStream.range(0, 999).map(i -> i & 1).toArray(), 0.5, 0));
  }

  @Test
  void aSeriesThatNeverCrossesCountsAsIndependent() {
    assertEquals(1, time(SampleShape.CONSTANT.samples(1, 500), 0.5, 4_096));
  }

  /** Of the two values the median is the larger, so that {x <= median} alone would see nothing. */
  @Test
  void tiesAtTheEstimateDoNotHideTheCorrelation() {
    long[] slow = LongStream.range(0, 5_000).map(i -> i / 10 % 5 < 2 ? 0 : 1).toArray();
    long[] mirrored = LongStream.of(slow).map(x -> 1 - x).toArray();
    double time = time(slow, 0.5, 1);
    assertEquals(time(mirrored, 0.5, 0), time, 1e-9);
    assertEquals(plainTime(mirrored, 0), time, 1e-9);
  }

  private static double time(long[] samples, double quantile, double estimate) {
    return new ThresholdIndicator(samples.length)
        .autocorrelationTime(samples, samples.length, quantile, estimate);
  }

  /** The definition, in floating point and without thinning. */
  private static double plainTime(long[] samples, double estimate) {
    int n = samples.length;
    double[] x = LongStream.of(samples).mapToDouble(s -> s <= estimate ? 1 : 0).toArray();
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = 0;
    for (double v : x) {
      variance += (v - mean) * (v - mean);
    }
    if (mean == 0 || mean == 1) {
      return 1;
    }
    double time = 1;
    for (int lag = 1; lag <= n / 4; lag++) {
      double covariance = 0;
      for (int i = 0; i + lag < n; i++) {
        covariance += (x[i] - mean) * (x[i + lag] - mean);
      }
      time += 2 * covariance / variance;
      if (lag >= 5 * Math.max(1, time)) {
        break;
      }
    }
    return Math.max(1, time);
  }

  /** The same at a quantile where what is above is not as much as what is below. */
  @Test
  void tiesAtAHighQuantileDoNotHideTheCorrelation() {
    long[] slow = LongStream.range(0, 5_000).map(i -> i % 250 < 230 ? 0 : 1).toArray();
    double time = time(slow, 0.95, 1);
    assertEquals(plainTime(slow, 0), time, 1e-9);
    assertTrue(time > 5, "time " + time);
  }
}
