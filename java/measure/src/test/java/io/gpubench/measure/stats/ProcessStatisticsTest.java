// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ProcessStatisticsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Stream<Arguments> shapes() {
    int[] counts = {1, 2, 3, 30, 100};
    return Arrays.stream(SampleShape.values())
        .flatMap(shape -> Arrays.stream(counts).mapToObj(count -> Arguments.of(shape, count)));
  }

  @ParameterizedTest
  @EnumSource(SampleShape.class)
  void oneProcessIsItsOwnStatistics(SampleShape shape) {
    Statistics one = Statistics.of(shape.samples(1, 1_000));
    assertSame(one, Statistics.ofProcesses(List.of(one), 1));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void valuesAreInOrderAndTravelThroughJson(SampleShape shape, int count) {
    for (int processes : new int[] {2, 6, 9}) {
      Statistics s = Statistics.ofProcesses(each(shape, count, processes), count);
      assertTrue(s.min() <= s.p50() && s.p50() <= s.p95() && s.p95() <= s.p99());
      assertTrue(s.p99() <= s.p999() && s.p999() <= s.max());
      encloses(s.intervals().median(), s.median(), processes >= 6 && count >= 2);
      encloses(s.intervals().p95(), s.p95(), processes >= 6 && count >= 20);
      encloses(s.intervals().p99(), s.p99(), processes >= 6 && count >= 100);
      encloses(s.intervals().p999(), s.p999(), false);
      String json = JSON.writeValueAsString(s);
      assertEquals(s, JSON.readValue(json, Statistics.class));
      assertTrue(!json.contains("NaN") && !json.contains("Infinity"), json);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void orderOfProcessesMakesNoDifference(SampleShape shape, int count) {
    List<Statistics> each = each(shape, count, 8);
    var shuffled = new ArrayList<>(each);
    Collections.shuffle(shuffled, new Random(count));
    assertEquals(Statistics.ofProcesses(each, count), Statistics.ofProcesses(shuffled, count));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 1_000, 100_000})
  void scalesByPowersOfTen(long factor) {
    List<long[]> samples =
        LongStream.range(0, 8).mapToObj(seed -> SampleShape.LOGNORMAL.samples(seed, 200)).toList();
    Statistics plain = Statistics.ofProcesses(samples.stream().map(Statistics::of).toList(), 200);
    Statistics scaled =
        Statistics.ofProcesses(
            samples.stream()
                .map(each -> Statistics.of(Arrays.stream(each).map(x -> factor * x).toArray()))
                .toList(),
            200);
    close(factor * plain.median(), scaled.median());
    close(factor * plain.p99(), scaled.p99());
    close(factor * plain.mean(), scaled.mean());
    close(factor * present(plain.stdDev()), present(scaled.stdDev()));
    close(factor * plain.mad(), scaled.mad());
    close(present(plain.cv()), present(scaled.cv()));
    close(
        factor * present(plain.intervals().p95().lower()),
        present(scaled.intervals().p95().lower()));
    close(
        factor * present(plain.intervals().p95().upper()),
        present(scaled.intervals().p95().upper()));
  }

  @Test
  void combinesByItsRules() {
    Statistics a = Statistics.of(new long[] {10, 10, 10, 30, 40});
    Statistics b = Statistics.of(new long[] {40, 40, 40, 41, 42});
    Statistics s = Statistics.ofProcesses(List.of(a, b), 5);
    close(20, s.median()); // of 10, 20 and 40
    assertEquals(s.median(), s.p50());
    close(Math.sqrt(a.p95() * b.p95()), s.p95());
    assertEquals(10, s.min());
    assertEquals(42, s.max());
    close((20 + 40.6) / 2, s.mean());
    close(Math.sqrt((200 + 0.8) / 2), present(s.stdDev()));
    close(present(s.stdDev()) / s.mean(), present(s.cv()));
    assertEquals(0, s.mad());
    assertNull(s.drift());
    close((present(a.lag1()) + present(b.lag1())) / 2, present(s.lag1()));
    close(a.effectiveSampleSize() + b.effectiveSampleSize(), s.effectiveSampleSize());
    assertEquals(new Statistics.Flagged(4, s.median(), (10 + 40) / 2.0, 0.0), s.outliers().mad());
    assertEquals(0, s.outliers().threeSigma().count());
    close(s.mean(), s.outliers().threeSigma().mean());
    assertEquals(new QuantileInterval(null, null, 0.95, null), s.intervals().median());
  }

  @Test
  void partsThatSomeProcessesLack() {
    Statistics single = Statistics.of(new long[] {7});
    Statistics rich = Statistics.of(SampleShape.NORMAL.samples(1, 100));
    Statistics s = Statistics.ofProcesses(List.of(single, rich), 1);
    assertNull(s.stdDev());
    assertNull(s.cv());
    assertNull(s.outliers().mad().stdDev());
    assertEquals(rich.drift(), s.drift());
    assertEquals(rich.lag1(), s.lag1());
  }

  @ParameterizedTest
  @CsvSource({
    "6, 1000, true, true, true, true",
    "6, 999, true, true, true, false",
    "6, 99, true, true, false, false",
    "6, 19, true, false, false, false",
    "6, 1, false, false, false, false",
    "5, 1000, false, false, false, false"
  })
  void boundsNeedProcessesAndSamples(
      int processes, long fewest, boolean median, boolean p95, boolean p99, boolean p999) {
    var intervals =
        Statistics.ofProcesses(each(SampleShape.NORMAL, 1_000, processes), fewest).intervals();
    assertEquals(median, hasBounds(intervals.median()));
    assertEquals(p95, hasBounds(intervals.p95()));
    assertEquals(p99, hasBounds(intervals.p99()));
    assertEquals(p999, hasBounds(intervals.p999()));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 8, 12})
  void coversTheMedianOfProcesses(int processes) {
    int draws = 2_000;
    var random = new Random(processes);
    int covered = 0;
    for (int draw = 0; draw < draws; draw++) {
      QuantileInterval interval =
          Statistics.ofProcesses(Processes.draw(random, processes, 2, 0.1, 0), 2)
              .intervals()
              .median();
      covered +=
          present(interval.lower()) <= Processes.MEDIAN
                  && Processes.MEDIAN <= present(interval.upper())
              ? 1
              : 0;
    }
    double error = Math.sqrt(0.95 * 0.05 / draws);
    assertTrue((double) covered / draws >= 0.95 - 3 * error, covered + " of " + draws);
  }

  @Test
  void durationsOfZeroStayNumbers() {
    Statistics zero = Statistics.of(new long[40]);
    Statistics all = Statistics.ofProcesses(Collections.nCopies(6, zero), 40);
    assertEquals(0, all.median());
    assertNull(all.cv());
    assertNull(all.drift());
    assertEquals(0.0, all.intervals().median().upper());

    var mixed = new ArrayList<>(each(SampleShape.CONSTANT, 40, 5));
    mixed.add(zero);
    Statistics one = Statistics.ofProcesses(mixed, 40);
    assertEquals(4_096, one.median());
    assertEquals(0.0, one.intervals().median().lower());
    assertEquals(4_096.0, one.intervals().median().upper());
  }

  @Test
  void refusesNoProcessesAndNoSamples() {
    Statistics one = Statistics.of(new long[] {1});
    assertThrows(IllegalArgumentException.class, () -> Statistics.ofProcesses(List.of(), 1));
    assertThrows(
        IllegalArgumentException.class, () -> Statistics.ofProcesses(List.of(one, one), 0));
  }

  private static List<Statistics> each(SampleShape shape, int count, int processes) {
    return LongStream.range(0, processes)
        .mapToObj(seed -> Statistics.of(shape.samples(seed, count)))
        .toList();
  }

  private static void encloses(QuantileInterval interval, double estimate, boolean bounded) {
    assertEquals(bounded, hasBounds(interval));
    if (bounded) {
      assertTrue(present(interval.lower()) <= estimate && estimate <= present(interval.upper()));
      assertTrue(present(interval.coverage()) >= interval.confidence());
    }
  }

  private static boolean hasBounds(QuantileInterval interval) {
    boolean has = interval.lower() != null;
    assertEquals(has, interval.upper() != null);
    assertEquals(has, interval.coverage() != null);
    return has;
  }

  private static void close(double expected, double actual) {
    assertEquals(expected, actual, 1e-12 * Math.abs(expected));
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }

  /** An interval of a quantile needs processes that went beyond it. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "19, 1", "20, 2", "99, 2", "100, 3", "999, 3", "1000, 4"})
  void aQuantileNobodyReachedHasNoInterval(int fewest, int intervals) {
    Statistics s = Statistics.ofProcesses(each(SampleShape.NORMAL, 1_000, 6), fewest);
    var found =
        Stream.of(
                s.intervals().median(),
                s.intervals().p95(),
                s.intervals().p99(),
                s.intervals().p999())
            .map(interval -> interval.lower() != null && interval.upper() != null)
            .toList();
    assertEquals(Stream.of(1, 2, 3, 4).map(which -> which <= intervals).toList(), found);
  }
}
