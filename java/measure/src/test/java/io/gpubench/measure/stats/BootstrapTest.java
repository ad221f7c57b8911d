// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {
  private static final double[] REFERENCE = {
    8.26, 6.33, 10.4, 5.27, 5.35, 5.61, 6.12, 6.19, 5.2, 7.01, 8.74, 7.78, 7.02, 6, 6.5, 5.8, 5.12,
    7.41, 6.52, 6.21, 12.28, 5.6, 5.38, 6.6, 8.74
  };

  /** The reference's; SciPy 1.17.1 gives [6.3232, 7.7124] of 200,000 resamples. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithReference(long seed) {
    Bootstrap.Interval interval = Bootstrap.bca(REFERENCE, BootstrapTest::mean, .95, 20_000, seed);
    assertEquals(6.8576, interval.estimate(), 1e-12);
    assertEquals(6.3232, present(interval.lower()), .03);
    assertEquals(7.7124, present(interval.upper()), .03);
    assertEquals(
        .052858890507435675, Bootstrap.acceleration(REFERENCE, BootstrapTest::mean), 1e-12);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void equalSeedsGiveEqualIntervals() {
    Bootstrap.Interval interval = Bootstrap.bca(REFERENCE, BootstrapTest::mean, .9, 500, 7);
    assertEquals(interval, Bootstrap.bca(REFERENCE, BootstrapTest::mean, .9, 500, 7));
    assertNotEquals(interval, Bootstrap.bca(REFERENCE, BootstrapTest::mean, .9, 500, 8));
  }

  @Test
  void statisticMaySortWhatItGets() {
    double[] units = REFERENCE.clone();
    Bootstrap.Interval interval = Bootstrap.bca(units, BootstrapTest::medianInPlace, .95, 500, 1);
    assertEquals(6.33, interval.estimate());
    assertTrue(Arrays.equals(REFERENCE, units));
    assertTrue(present(interval.lower()) < 6.33 && present(interval.upper()) > 6.33);
  }

  private static double medianInPlace(double[] values) {
    Arrays.sort(values);
    return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }

  @Test
  void equalUnitsGiveThatValueAndOneHasNoInterval() {
    assertEquals(
        new Bootstrap.Interval(3, 3.0, 3.0, .95),
        Bootstrap.bca(new double[] {3, 3, 3}, BootstrapTest::mean, .95, 100, 1));
    assertEquals(
        new Bootstrap.Interval(3, null, null, .95),
        Bootstrap.bca(new double[] {3}, BootstrapTest::mean, .95, 100, 1));
    assertEquals(
        new Bootstrap.Interval(3, 3.0, 3.0, .95),
        Bootstrap.medianOfSeries(new long[] {3, 3, 3, 3, 3, 3}, .95, 100, 1));
  }

  @Test
  void coversTheMeanOfSkewedUnits() {
    var random = new Random(1);
    int draws = 400;
    int covered = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[] units = random.doubles(40).map(u -> -Math.log(u)).toArray();
      Bootstrap.Interval interval = Bootstrap.bca(units, BootstrapTest::mean, .95, 400, draw);
      covered += present(interval.lower()) <= 1 && 1 <= present(interval.upper()) ? 1 : 0;
    }
    assertTrue(covered >= .90 * draws && covered <= .985 * draws, covered + " of " + draws);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "20, 4000", "48, 10000"})
  void coversTheMedianOfAutocorrelatedSeries(int time, int count) {
    var random = new Random(time);
    double persistence = (time - 1.0) / (time + 1);
    int draws = 150;
    int covered = 0;
    for (int draw = 0; draw < draws; draw++) {
      long[] nanos = series(random, persistence, count);
      Bootstrap.Interval interval = Bootstrap.medianOfSeries(nanos, .95, 300, draw);
      covered +=
          present(interval.lower()) <= 100_000 && 100_000 <= present(interval.upper()) ? 1 : 0;
    }
    assertTrue(covered >= .87 * draws, covered + " of " + draws);
  }

  /** Log-normal around 100 us; on the logarithm an autoregression of order 1. */
  private static long[] series(Random random, double persistence, int count) {
    long[] nanos = new long[count];
    double state = random.nextGaussian();
    double innovation = Math.sqrt(1 - persistence * persistence);
    for (int i = 0; i < count; i++) {
      nanos[i] = Math.round(100_000 * Math.exp(.2 * state));
      state = persistence * state + innovation * random.nextGaussian();
    }
    return nanos;
  }

  /** As copying the blocks and sorting them gives, with ties and without, in reach and beyond. */
  @ParameterizedTest
  @CsvSource({"1, 9, 1", "2, 10, 3", "3, 101, 7", "4, 500, 1", "5, 500, 50", "6, 64, 64"})
  void mediansAreThoseOfTheBlocks(long seed, int count, int blockLength) {
    var random = new Random(seed);
    long[] series = random.longs(count, 0, seed % 2 == 0 ? 8 : 1_000_000_000).toArray();
    long[] sorted = series.clone();
    Arrays.sort(sorted);
    double[] medians =
        new ResampledMedian(series, sorted, blockLength, 1).draw(50, new SplittableRandom(seed));
    var again = new SplittableRandom(seed);
    for (double median : medians) {
      double[] drawn = new double[Math.ceilDiv(count, blockLength) * blockLength];
      for (int block = 0; block < drawn.length; block += blockLength) {
        int start = again.nextInt(count);
        for (int i = 0; i < blockLength; i++) {
          drawn[block + i] = series[(start + i) % count];
        }
      }
      assertEquals(medianInPlace(Arrays.copyOf(drawn, count)), median);
    }
  }

  @Test
  void blocksGrowWithDependence() {
    assertEquals(10, Bootstrap.blockLength(10_000, 1));
    assertEquals(1, Bootstrap.blockLength(6, 1));
    int last = 10;
    for (double time : new double[] {4, 8, 16, 48}) {
      int length = Bootstrap.blockLength(10_000, time);
      assertTrue(length > last);
      last = length;
    }
    assertEquals(16, Bootstrap.blockLength(100, 90));
  }

  @Test
  void someSeriesHaveNoInterval() {
    Bootstrap.Interval few = Bootstrap.medianOfSeries(new long[] {1, 2, 3, 4, 9}, .95, 100, 1);
    assertEquals(3, few.estimate());
    assertNull(few.lower());
    assertNull(few.upper());
    long[] twoLevels = new long[1_000];
    Arrays.fill(twoLevels, 500, 1_000, 9);
    assertNull(Bootstrap.medianOfSeries(twoLevels, .95, 100, 1).lower());
  }

  @Test
  void refusesTheImpossible() {
    double[] some = {1, 2};
    refused(new double[0], .9, 100);
    refused(some, 1, 100);
    refused(some, Double.NaN, 100);
    refused(some, .9, 9);
    refused(new double[] {1, Double.NaN}, .9, 100);
    long[] negative = {-1, 5};
    long[] long_ = {1L << 54};
    assertThrows(
        IllegalArgumentException.class, () -> Bootstrap.medianOfSeries(negative, .9, 100, 1));
    assertThrows(IllegalArgumentException.class, () -> Bootstrap.medianOfSeries(long_, .9, 100, 1));
    assertThrows(
        IllegalArgumentException.class, () -> Bootstrap.medianOfSeries(new long[0], .9, 100, 1));
  }

  private static void refused(double[] units, double confidence, int resamples) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Bootstrap.bca(units, BootstrapTest::mean, confidence, resamples, 1));
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }
}
