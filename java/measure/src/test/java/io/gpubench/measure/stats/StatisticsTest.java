// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatisticsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Stream<Arguments> series() {
    int[] counts = {1, 2, 3, 29, 30, 100, 1_001};
    return Arrays.stream(SampleShape.values())
        .flatMap(shape -> Arrays.stream(counts).mapToObj(count -> Arguments.of(shape, count)));
  }

  @ParameterizedTest
  @MethodSource("series")
  void agreesWithPlainFormulas(SampleShape shape, int count) {
    long[] samples = shape.samples(count, count);
    Statistics s = Statistics.of(samples);
    long[] sorted = samples.clone();
    Arrays.sort(sorted);

    close(plainQuantile(sorted, 0.5), s.median());
    assertEquals(s.median(), s.p50());
    close(plainQuantile(sorted, 0.95), s.p95());
    close(plainQuantile(sorted, 0.99), s.p99());
    close(plainQuantile(sorted, 0.999), s.p999());
    assertEquals(sorted[0], s.min());
    assertEquals(sorted[count - 1], s.max());
    double mean = plainMean(samples);
    Double stdDev = plainStdDev(samples);
    close(mean, s.mean());
    close(stdDev, s.stdDev());
    close(stdDev == null ? null : (Double) (stdDev / mean), s.cv());

    double mad = plainMedian(Arrays.stream(samples).mapToDouble(x -> Math.abs(x - s.median())));
    close(mad, s.mad());
    check(s.outliers().threeSigma(), sorted, s.mean(), s.stdDev() == null ? 0 : 3 * s.stdDev());
    check(s.outliers().mad(), sorted, s.median(), 3 * 1.4826 * s.mad());

    if (count < 30) {
      assertNull(s.drift());
    } else {
      double first = plainMedian(Arrays.stream(samples).limit(count / 3).asDoubleStream());
      double last = plainMedian(Arrays.stream(samples).skip(count - count / 3).asDoubleStream());
      close((last - first) / s.median(), s.drift());
    }
    if (count < 3 || s.min() == s.max()) {
      assertNull(s.lag1());
    } else {
      assertEquals(plainLag1(samples), present(s.lag1()), 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("series")
  void valuesAreInOrder(SampleShape shape, int count) {
    Statistics s = Statistics.of(shape.samples(2L * count, count));
    assertTrue(s.min() <= s.p50() && s.p50() <= s.p95() && s.p95() <= s.p99());
    assertTrue(s.p99() <= s.p999() && s.p999() <= s.max());
    assertTrue(s.min() <= s.mean() && s.mean() <= s.max());
    assertTrue(1 <= s.effectiveSampleSize() && s.effectiveSampleSize() <= count);
    var intervals = s.intervals();
    encloses(intervals.median(), s.median());
    encloses(intervals.p95(), s.p95());
    encloses(intervals.p99(), s.p99());
    encloses(intervals.p999(), s.p999());
  }

  @ParameterizedTest
  @MethodSource("series")
  void scalesAndShifts(SampleShape shape, int count) {
    long[] samples = shape.samples(3L * count, count);
    Statistics s = Statistics.of(samples);
    Statistics scaled = Statistics.of(Arrays.stream(samples).map(x -> 4 * x).toArray());
    Statistics shifted = Statistics.of(Arrays.stream(samples).map(x -> x + 1_000_000).toArray());

    close(4 * s.median(), scaled.median());
    close(4 * s.mean(), scaled.mean());
    close(4 * s.mad(), scaled.mad());
    close(s.cv(), scaled.cv());
    close(s.drift(), scaled.drift());
    assertEquals(s.effectiveSampleSize(), scaled.effectiveSampleSize());
    assertEquals(s.outliers().mad().count(), scaled.outliers().mad().count());
    assertEquals(s.intervals().p95().coverage(), scaled.intervals().p95().coverage());

    close(s.median() + 1e6, shifted.median());
    close(s.p99() + 1e6, shifted.p99());
    close(s.stdDev(), shifted.stdDev());
    close(s.mad(), shifted.mad());
    assertEquals(s.effectiveSampleSize(), shifted.effectiveSampleSize());
    assertEquals(s.intervals().p99().coverage(), shifted.intervals().p99().coverage());
  }

  @ParameterizedTest
  @MethodSource("series")
  void travelsThroughJsonUnchanged(SampleShape shape, int count) {
    Statistics s = Statistics.of(shape.samples(5L * count, count));
    String json = JSON.writeValueAsString(s);
    assertEquals(s, JSON.readValue(json, Statistics.class));
    assertTrue(!json.contains("NaN") && !json.contains("Infinity"), json);
  }

  @Test
  void jsonNames() {
    JsonNode json = JSON.valueToTree(Statistics.of(SampleShape.NORMAL.samples(1, 100)));
    assertEquals(
        List.of(
            "median",
            "p50",
            "p95",
            "p99",
            "p999",
            "min",
            "max",
            "mean",
            "stdDev",
            "mad",
            "cv",
            "drift",
            "lag1",
            "effectiveSampleSize",
            "intervals",
            "outliers"),
        List.copyOf(json.propertyNames()));
    assertEquals(
        List.of("median", "p95", "p99", "p999"),
        List.copyOf(json.get("intervals").propertyNames()));
    assertEquals(
        List.of("lower", "upper", "confidence", "coverage"),
        List.copyOf(json.get("intervals").get("p999").propertyNames()));
    assertTrue(json.get("intervals").get("p999").get("upper").isNull());
    assertEquals(List.of("threeSigma", "mad"), List.copyOf(json.get("outliers").propertyNames()));
    assertEquals(
        List.of("count", "median", "mean", "stdDev"),
        List.copyOf(json.get("outliers").get("mad").propertyNames()));
  }

  @Test
  void flagsAndKeepsOutliers() {
    long[] samples = LongStream.range(0, 1_000).map(i -> 1_000 + i * 7 % 10).toArray();
    samples[500] = 50_000;
    Statistics s = Statistics.of(samples);
    assertEquals(50_000, s.max());
    assertEquals(1, s.outliers().threeSigma().count());
    assertEquals(1, s.outliers().mad().count());
    assertTrue(s.mean() > 1_050);
    assertTrue(s.outliers().mad().mean() < 1_005);
  }

  @Test
  void equalSamplesHaveNoScaleForMad() {
    Statistics s = Statistics.of(new long[] {5, 5, 5, 5, 6});
    assertEquals(0, s.mad());
    assertEquals(new Statistics.Flagged(1, 5, 5, 0.0), s.outliers().mad());
    assertEquals(0, s.outliers().threeSigma().count());
  }

  @Test
  void oneSample() {
    Statistics s = Statistics.of(new long[] {42});
    assertEquals(42, s.median());
    assertEquals(42, s.p999());
    assertNull(s.stdDev());
    assertNull(s.cv());
    assertNull(s.lag1());
    assertEquals(1, s.effectiveSampleSize());
    assertEquals(new Statistics.Flagged(0, 42, 42, null), s.outliers().threeSigma());
    assertNull(s.intervals().median().coverage());
  }

  @Test
  void zerosHaveNoRatios() {
    Statistics s = Statistics.of(new long[40]);
    assertEquals(0.0, s.stdDev());
    assertNull(s.cv());
    assertNull(s.drift());
    assertNull(s.lag1());
  }

  @Test
  void driftIsRelative() {
    assertEquals(
        4.0 / 3, present(Statistics.of(LongStream.range(0, 10_000).toArray()).drift()), 1e-3);
  }

  @Test
  void exactAtTheLargestValues() {
    long[] samples = LongStream.range(0, 1_000).map(i -> Statistics.MAX_NANOS - i % 2).toArray();
    Statistics s = Statistics.of(samples);
    assertEquals(Math.sqrt(0.25 * 1_000 / 999), present(s.stdDev()), 1e-12);
  }

  @Test
  void seesTheFirstOnlyAndLeavesTheArray() {
    long[] samples = SampleShape.NORMAL.samples(9, 500);
    long[] untouched = samples.clone();
    assertEquals(Statistics.of(Arrays.copyOf(samples, 200)), Statistics.of(samples, 200));
    assertArrayEquals(untouched, samples);
  }

  @Test
  void refusesNothingAndTheImpossible() {
    var none = assertThrows(IllegalArgumentException.class, () -> Statistics.of(new long[0]));
    assertTrue(String.valueOf(none.getMessage()).contains("no samples"));
    assertThrows(IllegalArgumentException.class, () -> Statistics.of(new long[] {1, -1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Statistics.of(new long[] {1, Statistics.MAX_NANOS + 1}));
    assertThrows(IndexOutOfBoundsException.class, () -> Statistics.of(new long[3], 4));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void autocorrelationShowsInTheEffectiveSize(long seed) {
    Statistics slow = Statistics.of(SampleShape.AR1.samples(seed, 20_000));
    assertEquals(SampleShape.AR1_PHI, present(slow.lag1()), 0.03);
    // Sum of the arcsine law (2 / pi) asin(phi^k) over both signs of k.
    double time =
        1
            + 2
                * IntStream.range(1, 200)
                    .mapToDouble(k -> Math.asin(Math.pow(0.8, k)) * 2 / Math.PI)
                    .sum();
    assertEquals(time, 20_000 / slow.effectiveSampleSize(), 0.15 * time);
    Statistics independent = Statistics.of(SampleShape.NORMAL.samples(seed, 20_000));
    assertTrue(independent.effectiveSampleSize() > 17_000);
  }

  private static void check(
      Statistics.Flagged flagged, long[] sorted, double centre, double limit) {
    long[] rest = Arrays.stream(sorted).filter(x -> Math.abs(x - centre) <= limit).toArray();
    assertEquals(sorted.length - rest.length, flagged.count());
    close(plainQuantile(rest, 0.5), flagged.median());
    close(plainMean(rest), flagged.mean());
    close(plainStdDev(rest), flagged.stdDev());
  }

  private static void encloses(QuantileInterval interval, double estimate) {
    Double lower = interval.lower();
    Double upper = interval.upper();
    Double coverage = interval.coverage();
    if (lower == null || upper == null) {
      assertNull(coverage);
    } else {
      assertTrue(lower <= estimate && estimate <= upper, interval + " " + estimate);
      assertTrue(present(coverage) >= interval.confidence() && present(coverage) <= 1);
    }
  }

  private static void close(@Nullable Double expected, @Nullable Double actual) {
    if (expected == null || actual == null) {
      assertEquals(expected, actual);
    } else {
      assertEquals(expected, actual, 1e-12 * Math.abs(expected));
    }
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }

  /** Type 7 of Hyndman and Fan, as printed. */
  private static double plainQuantile(long[] sorted, double q) {
    double h = (sorted.length - 1) * q;
    int below = (int) Math.floor(h);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (h - below) * (sorted[above] - sorted[below]);
  }

  private static double plainMedian(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  private static double plainMean(long[] samples) {
    return exactMean(samples).doubleValue();
  }

  private static BigDecimal exactMean(long[] samples) {
    BigDecimal sum =
        Arrays.stream(samples)
            .mapToObj(BigDecimal::valueOf)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return sum.divide(BigDecimal.valueOf(samples.length), new MathContext(60));
  }

  private static @Nullable Double plainStdDev(long[] samples) {
    if (samples.length < 2) {
      return null;
    }
    BigDecimal mean = exactMean(samples);
    BigDecimal squares =
        Arrays.stream(samples)
            .mapToObj(x -> BigDecimal.valueOf(x).subtract(mean).pow(2))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return Math.sqrt(
        squares.divide(BigDecimal.valueOf(samples.length - 1), new MathContext(40)).doubleValue());
  }

  private static double plainLag1(long[] samples) {
    double mean = plainMean(samples);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < samples.length; i++) {
      squares += (samples[i] - mean) * (samples[i] - mean);
      if (i > 0) {
        products += (samples[i] - mean) * (samples[i - 1] - mean);
      }
    }
    return products / squares;
  }
}
