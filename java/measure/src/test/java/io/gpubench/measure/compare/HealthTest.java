// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
  private static Health of(double... medians) {
    return Health.of(Recordings.one("w", medians), medians, 10);
  }

  @Test
  void independentNormalProcessesAreWell() {
    Health health = of(Recordings.noise(new SplittableRandom(3), 40, 1000, 0.05));
    assertEquals(40, health.processes());
    assertEquals(40_000, health.samples());
    assertEquals(1_000, health.fewestSamples());
    assertEquals(4_000, health.effectiveSampleSize());
    assertEquals(40, health.effectiveProcesses());
    assertEquals(0.05, health.spread(), 0.02);
    assertTrue(health.normalityP() > Health.DOUBTED, health.toString());
    assertEquals(0.01, health.driftWithin());
    assertTrue(health.largeEnough());
    assertFalse(Health.of(Recordings.one("w", 1, 2), new double[] {1, 2}, 3).largeEnough());
    assertFalse(Health.of(Recordings.one("w", 1, 2), new double[] {1, 2}, null).largeEnough());
  }

  @Test
  void anOutlierIsNamedByItsPlaceInTime() {
    Health health = of(100, 101, 99, 100.5, 300, 99.5, 100.2, 99.8);
    assertEquals(List.of(5), health.outliers());
    assertTrue(health.normalityP() < 0.001, health.toString());
  }

  @Test
  void processesThatFollowATrendAreFewerThanTheySeem() {
    double[] trend = IntStream.range(0, 30).mapToDouble(i -> 1000 * Math.pow(1.01, i)).toArray();
    Health health = of(trend);
    assertEquals(Math.pow(1.01, 20) - 1, health.driftAcross(), 1e-9);
    assertTrue(health.effectiveProcesses() < 5, health.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void equalOrFewProcessesSayNothingWrong(int count) {
    Health health = of(IntStream.range(0, count).mapToDouble(_ -> 7).toArray());
    assertNull(health.normalityP());
    assertEquals(List.of(), health.outliers());
    assertEquals(count < 2, health.spread() == null);
    assertEquals(count < 6, health.driftAcross() == null);
    assertEquals(count < 8, health.effectiveProcesses() == null);
    assertNotNull(health.driftWithin());
  }
}
