// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.cuda.SensorsOfProcess.Reading;
import io.gpubench.engines.cuda.SensorsOfProcess.Readings;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sensors of the simulated device as a session tells them: a number, or a gap with a name. */
class NvmlSourceTest {
  @BeforeEach
  void needsTheSimulator() {
    assumeTrue(Simulator.missing().isEmpty(), "no simulated device");
  }

  private static void assertGap(String gap, Sensors.Source source) {
    try (Sensors sensors = source.open()) {
      assertFalse(sensors.all().isEmpty());
      for (int i = 0; i < sensors.all().size(); i++) {
        assertTrue(Double.isNaN(sensors.read(i)), sensors.all().get(i).id());
        assertEquals(gap, sensors.gap(), sensors.all().get(i).id());
      }
      int count = sensors.all().size();
      assertThrows(IndexOutOfBoundsException.class, () -> sensors.read(count));
    }
  }

  private static void assertGapOfAll(String gap, Readings readings) {
    readings.ids().forEach(id -> assertEquals(gap, readings.gap(id), id));
    assertTrue(readings.all().stream().allMatch(reading -> Double.isNaN(reading.value())));
  }

  @Test
  void aSessionHasThoseOfItsDevice() {
    try (Session session =
        new CudaEngine().on(CudaEngine.SIMULATOR).orElseThrow().open(new Engine.Options(1))) {
      assertGap(Sensors.NOT_SUPPORTED, session.sensors());
    }
  }

  @Test
  void theyAreDescribedOnce() {
    try (Sensors sensors = NvmlSource.at(0, true).open()) {
      List<Sensor> all = sensors.all();
      Set<String> ids = all.stream().map(Sensor::id).collect(Collectors.toSet());
      assertEquals(all.size(), ids.size());
      assertTrue(
          ids.containsAll(
              Set.of(
                  Sensor.POWER_INSTANT,
                  Sensor.POWER_AVERAGE,
                  Sensor.ENERGY,
                  Sensor.TEMPERATURE,
                  Sensor.MEMORY_TEMPERATURE,
                  Sensor.CLOCK,
                  Sensor.MEMORY_CLOCK,
                  Sensor.TIME_BUSY,
                  Sensor.MEMORY_TIME_BUSY,
                  Sensor.THROTTLED_BY)));
      for (Sensor sensor : all) {
        assertEquals("simulated nvml", sensor.source());
        assertEquals(sensor.kind() == Kind.REASONS, !sensor.words().isEmpty(), sensor.id());
        assertEquals(
            Set.of(Sensor.POWER_INSTANT, Sensor.ENERGY).contains(sensor.id()),
            sensor.lively(),
            sensor.id());
      }
      try (Sensors real = NvmlSource.at(0, false).open()) {
        assertTrue(real.all().stream().allMatch(sensor -> sensor.source().equals("nvml")));
      }
    }
  }

  @Test
  void whatNvmlDoesNotKnowIsSaid() {
    assertGap(
        Sensors.UNKNOWN_DEVICE, NvmlSource.of("GPU-00000000-0000-0000-0000-000000000000", false));
    assertGap(Sensors.UNKNOWN_DEVICE, NvmlSource.at(1, false));
    assertGap(Sensors.UNKNOWN_DEVICE, NvmlSource.at(-1, false));
  }

  @Test
  void whatLivesIsANumber() throws Exception {
    Readings readings =
        SensorsOfProcess.run(
            "sensors live;throttle 0ms hw_thermal_slowdown;throttle 0ms sw_power_cap", "", 20);
    readings.ids().forEach(id -> assertEquals("", readings.gap(id), id));
    assertFalse(readings.ids().contains("powerUsageWatts"), "there is an average");
    assertEquals(0b1001, readings.values(Sensor.THROTTLED_BY).getLast());
    List<Double> energy = readings.values(Sensor.ENERGY);
    assertTrue(energy.getLast() > energy.getFirst(), energy.toString());
    assertTrue(readings.values("throttledByHeatSeconds").getLast() > 0.1);
    assertEquals(90, readings.values(Sensor.TEMPERATURE).getLast());
  }

  /** The bits of the reasons are those of the words. */
  @Test
  void theReasonsHaveWords() {
    try (Sensors sensors = NvmlSource.at(0, true).open()) {
      List<String> words =
          sensors.all().stream()
              .filter(sensor -> sensor.id().equals(Sensor.THROTTLED_BY))
              .findFirst()
              .orElseThrow()
              .words();
      assertEquals(
          List.of(
              "sw-power-cap",
              "sw-thermal-slowdown",
              "hw-slowdown",
              "hw-thermal-slowdown",
              "hw-power-brake-slowdown"),
          words);
    }
  }

  /** As on devices older than Ampere; what there is instead has a name of its own. */
  @Test
  void withoutAnAverageThePowerOfNvidiaSmiStandsBesideTheGap() throws Exception {
    Readings readings = SensorsOfProcess.run("sensors live;sensor power_average refused", "", 2);
    assertEquals(Sensors.NOT_SUPPORTED, readings.gap(Sensor.POWER_AVERAGE));
    assertEquals("", readings.gap("powerUsageWatts"));
  }

  @Test
  void eachRefusalHasItsWord() throws Exception {
    Readings readings =
        SensorsOfProcess.run(
            "sensors live;sensor power_instant no_permission;sensor clock refused;"
                + "sensor memory_temperature too_old;sensor temperature too_old;"
                + "sensor energy reads 9223372036854775794;sensor memory_clock sentinel;"
                + "fail nvmlDeviceGetPerformanceState * code 999",
            "",
            2);
    assertEquals(Sensors.NO_PERMISSION, readings.gap(Sensor.POWER_INSTANT));
    assertEquals(Sensors.NOT_SUPPORTED, readings.gap(Sensor.CLOCK));
    assertEquals(Sensors.TOO_OLD, readings.gap(Sensor.MEMORY_TEMPERATURE));
    assertEquals(Sensors.TOO_OLD, readings.gap(Sensor.TEMPERATURE));
    assertEquals(Sensors.SENTINEL, readings.gap(Sensor.ENERGY));
    assertEquals(Sensors.SENTINEL, readings.gap(Sensor.MEMORY_CLOCK));
    assertEquals(Sensors.FAILED, readings.gap("performanceState"));
    assertEquals("", readings.gap(Sensor.TIME_BUSY));
  }

  @Test
  void aCardIsLostWhileItIsRead() throws Exception {
    Readings readings = SensorsOfProcess.run("sensors live;lost 3000ms", "", 330);
    List<String> gaps = readings.all().stream().map(Reading::gap).toList();
    int lost = gaps.indexOf(Sensors.LOST);
    assertTrue(lost > 0, () -> "lost at reading " + lost + " of " + gaps.size());
    assertEquals(Set.of(""), Set.copyOf(gaps.subList(0, lost)));
    assertEquals(Set.of(Sensors.LOST), Set.copyOf(gaps.subList(lost, gaps.size())));
  }

  @Test
  void aCardIsLostBeforeItIsOpened() throws Exception {
    assertGapOfAll(
        Sensors.LOST, SensorsOfProcess.run("fail nvmlDeviceGetHandleByUUID * code 15", "", 1));
  }

  @Test
  void withoutNvmlThereIsNobodyToAsk() throws Exception {
    assertGapOfAll(Sensors.ABSENT, SensorsOfProcess.run("sensors live", "nvml", 2));
    assertGapOfAll(
        Sensors.TOO_OLD, SensorsOfProcess.run("sensors live", "nvmlDeviceGetHandleByUUID", 2));
    assertGapOfAll(
        Sensors.FAILED, SensorsOfProcess.run("sensors live;fail nvmlInit_v2 * code 9", "", 2));
  }

  @Test
  void anOlderNvmlKnowsNoFields() throws Exception {
    Readings readings = SensorsOfProcess.run("sensors live", "nvmlDeviceGetFieldValues", 2);
    assertEquals(Sensors.TOO_OLD, readings.gap(Sensor.POWER_INSTANT));
    assertEquals(Sensors.TOO_OLD, readings.gap(Sensor.ENERGY));
    assertEquals("", readings.gap("powerUsageWatts"));
    assertEquals("", readings.gap(Sensor.CLOCK));
  }
}
