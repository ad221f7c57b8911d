// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class VariationTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int DRAWS = 300;
  private static final int PROCESSES = 10;

  @Test
  void twoProcessesByHand() {
    // Medians 100 and 200, no autocorrelation, bounds the first and the last of six samples,
    // coverage .96875.
    Statistics a = Statistics.of(new long[] {90, 100, 110, 100, 100, 100});
    Statistics b = Statistics.of(new long[] {190, 204, 196, 210, 200, 200});
    Variation v = Variation.of(List.of(a, b));
    assertEquals(2, v.processes());
    assertEquals(1.4826 * 4 / 200 / 2 * Math.sqrt(2), present(v.within()), 1e-12);
    double observed = Math.log(2) / Math.sqrt(2);
    assertEquals(observed, present(v.observedBetween()), 1e-12);
    double z = 2.153874694061456; // SciPy 1.10.1: norm.ppf(1 - .03125 / 2)
    double error = (0.1 + 0.05) / 2 / z;
    assertEquals(error, present(v.samplingError()), 1e-12);
    assertEquals(Math.sqrt(observed * observed - error * error), present(v.between()), 1e-12);
    assertEquals(100, v.smallestMedianNanos());
    assertEquals(200, v.largestMedianNanos());
  }

  @Test
  void equalProcessesDoNotDiffer() {
    Statistics one = Statistics.of(SampleShape.LOGNORMAL.samples(7, 500));
    Variation v = Variation.of(Collections.nCopies(7, one));
    assertEquals(0.0, v.observedBetween());
    assertEquals(0.0, v.between());
    assertTrue(present(v.samplingError()) > 0);
    assertEquals(v.smallestMedianNanos(), v.largestMedianNanos());
  }

  @ParameterizedTest
  @CsvSource({"100, .03", "400, .03", "400, .2"})
  void recoversWhatDiffersBetweenProcesses(int samples, double within) {
    List<Variation> draws = draws(samples, 0.05, within);
    assertEquals(0.05, rootMeanSquare(draws.stream().map(Variation::between)), 0.003);
    assertEquals(within, rootMeanSquare(draws.stream().map(Variation::within)), 0.03 * within);
    assertEquals(
        within * Math.sqrt(Math.PI / 2 / samples), // the asymptotic error of a normal median
        rootMeanSquare(draws.stream().map(Variation::samplingError)),
        0.15 * within * Math.sqrt(Math.PI / 2 / samples));
  }

  @ParameterizedTest
  @CsvSource({"100, .05", "400, .05", "400, .2"})
  void chanceAloneIsNoDifference(int samples, double within) {
    List<Variation> draws = draws(samples, 0, within);
    double error = rootMeanSquare(draws.stream().map(Variation::samplingError));
    assertEquals(error, rootMeanSquare(draws.stream().map(Variation::observedBetween)), error / 5);
    assertTrue(rootMeanSquare(draws.stream().map(Variation::between)) < error / 2);
    assertTrue(draws.stream().filter(v -> present(v.between()) == 0).count() > DRAWS / 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 1_000, 100_000})
  void ratiosDoNotDependOnTheUnit(long factor) {
    List<long[]> samples =
        LongStream.range(0, 8).mapToObj(seed -> SampleShape.LOGNORMAL.samples(seed, 200)).toList();
    Variation plain = Variation.of(samples.stream().map(Statistics::of).toList());
    Variation scaled =
        Variation.of(
            samples.stream()
                .map(each -> Statistics.of(LongStream.of(each).map(x -> factor * x).toArray()))
                .toList());
    assertEquals(present(plain.within()), present(scaled.within()), 1e-12);
    assertEquals(present(plain.observedBetween()), present(scaled.observedBetween()), 1e-12);
    assertEquals(present(plain.samplingError()), present(scaled.samplingError()), 1e-12);
    assertEquals(present(plain.between()), present(scaled.between()), 1e-12);
    assertEquals(factor * plain.largestMedianNanos(), scaled.largestMedianNanos());
  }

  @Test
  void orderMakesNoDifference() {
    var random = new Random(3);
    var each = new ArrayList<>(Processes.draw(random, 12, 50, 0.1, 0.1));
    Variation before = Variation.of(each);
    Collections.shuffle(each, random);
    assertEquals(before, Variation.of(each));
  }

  @Test
  void oneDisturbedProcessDoesNotHideThatTheOthersDiffer() {
    var each = new ArrayList<>(Processes.draw(new Random(5), 7, 400, 0.3, 0.01));
    long[] wild = new long[12];
    for (int i = 0; i < wild.length; i++) {
      wild[i] = i < 6 ? 100_000 : 100_000_000; // the interval of its median has both
    }
    each.set(0, Statistics.of(wild));
    assertTrue(present(Variation.of(each).between()) > 0.1);
  }

  @Test
  void oneProcess() {
    Variation v = Variation.of(Processes.draw(new Random(1), 1, 100, 0, 0.1));
    assertEquals(1, v.processes());
    assertTrue(present(v.within()) > 0 && present(v.samplingError()) > 0);
    assertNull(v.observedBetween());
    assertNull(v.between());
    assertEquals(v.smallestMedianNanos(), v.largestMedianNanos());
  }

  @Test
  void fewSamplesLeaveTheirErrorUnknown() {
    Variation five = Variation.of(Processes.draw(new Random(1), 8, 5, 0.1, 0.1));
    assertTrue(present(five.within()) > 0 && present(five.observedBetween()) > 0);
    assertNull(five.samplingError());
    assertNull(five.between());
    Variation one = Variation.of(Processes.draw(new Random(1), 8, 1, 0.1, 0.1));
    assertTrue(present(one.observedBetween()) > 0);
    assertNull(one.within());
    assertNull(one.between());
  }

  @Test
  void zerosHaveNoRatios() {
    Statistics zero = Statistics.of(new long[40]);
    Statistics other = Statistics.of(SampleShape.NORMAL.samples(1, 40));
    for (List<Statistics> each : List.of(List.of(zero, zero), List.of(other, zero))) {
      Variation v = Variation.of(each);
      assertEquals(new Variation(2, null, null, null, null, 0, each.getFirst().median()), v);
    }
  }

  @ParameterizedTest
  @EnumSource(SampleShape.class)
  void travelsThroughJsonUnchanged(SampleShape shape) {
    for (int count : new int[] {1, 2, 6, 100}) {
      Variation v =
          Variation.of(
              LongStream.range(0, 6)
                  .mapToObj(seed -> Statistics.of(shape.samples(seed, count)))
                  .toList());
      String json = JSON.writeValueAsString(v);
      assertEquals(v, JSON.readValue(json, Variation.class));
      assertTrue(!json.contains("NaN") && !json.contains("Infinity"), json);
    }
  }

  @Test
  void refusesNoProcesses() {
    assertThrows(IllegalArgumentException.class, () -> Variation.of(List.of()));
  }

  private static List<Variation> draws(int samples, double between, double within) {
    var random = new Random(samples);
    return IntStream.range(0, DRAWS)
        .mapToObj(i -> Variation.of(Processes.draw(random, PROCESSES, samples, between, within)))
        .toList();
  }

  private static double rootMeanSquare(Stream<@Nullable Double> values) {
    return Math.sqrt(
        values.mapToDouble(VariationTest::present).map(x -> x * x).average().orElseThrow());
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }
}
