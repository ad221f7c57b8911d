// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionTest {
  private static final String LABELS =
      "{gpu=\"0\",UUID=\"GPU-1\",modelName=\"a \\\"quoted\\\" \\\\ name\"";

  private static String expose(Watched... watched) {
    try (var watch = new Watch(List.of(watched))) {
      return Exposition.of(watch.read());
    }
  }

  @Test
  void theFormatIsThatOfPrometheus() {
    var sensors =
        new FakeSensors()
            .with(FakeSensors.POWER, 96.25)
            .with(FakeSensors.ENERGY, 1234.5678)
            .with(FakeSensors.THROTTLED, 2);
    assertEquals(
        """
        # HELP DCGM_FI_DEV_POWER_USAGE_INSTANT Power draw of the moment (in W).
        # TYPE DCGM_FI_DEV_POWER_USAGE_INSTANT gauge
        DCGM_FI_DEV_POWER_USAGE_INSTANT%1$s} 96.25
        # HELP DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION Total energy consumption since the driver was loaded (in mJ).
        # TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION%1$s} 1234567.8
        # HELP gpubench_throttled_by Why it is slower than its settings ask for.
        # TYPE gpubench_throttled_by gauge
        gpubench_throttled_by%1$s,reason="sw-power-cap"} 0
        gpubench_throttled_by%1$s,reason="hw-slowdown"} 1
        """
            .formatted(LABELS),
        expose(sensors.gpu()));
  }

  @Test
  void whatHasNoReadingIsAbsentAndNeverZero() {
    var sensors =
        new FakeSensors()
            .with(FakeSensors.POWER, Sensors.SENTINEL)
            .with(FakeSensors.ENERGY, Sensors.NOT_SUPPORTED)
            .with(FakeSensors.THROTTLED, Sensors.LOST);
    assertEquals("", expose(sensors.gpu()));
    assertTrue(
        expose(sensors.with(FakeSensors.POWER, 0).gpu()).endsWith("} 0\n"), "0 is a reading");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-3, -3",
    "170.56300000000002, 170.563",
    "100, 100",
    "1e15, 1000000000000000",
    "1e-7, 0.0000001"
  })
  void numbersArePlain(double value, String text) {
    assertTrue(
        expose(new FakeSensors().with(FakeSensors.POWER, value).gpu())
            .endsWith("} " + text + "\n"));
  }

  @Test
  void linesOfAMetricStandTogether() {
    var one = new FakeSensors().with(FakeSensors.POWER, 1).with(FakeSensors.MEMORY_HEAT, 60);
    var other = new FakeSensors().with(FakeSensors.POWER, 2).with(FakeSensors.MEMORY_HEAT, 61);
    List<String> lines = expose(one.gpu(), other.gpu()).lines().toList();
    assertEquals(8, lines.size());
    assertTrue(lines.get(2).endsWith("} 1") && lines.get(3).endsWith("} 2"), lines.toString());
    assertTrue(lines.get(6).endsWith("} 60") && lines.get(7).endsWith("} 61"), lines.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "powerInstantWatts, nvml, DCGM_FI_DEV_POWER_USAGE_INSTANT, 1",
    "powerAverageWatts, nvml, DCGM_FI_DEV_POWER_USAGE, 1",
    "powerUsageWatts, nvml, DCGM_FI_DEV_POWER_USAGE, 1",
    "energyJoules, nvml, DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION, 1000",
    "energyJoules, simulated nvml, DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION, 1000",
    "energyJoules, rapl, gpubench_energy_joules, 1",
    "temperatureCelsius, nvml, DCGM_FI_DEV_GPU_TEMP, 1",
    "temperatureCelsius, thermal, gpubench_temperature_celsius, 1",
    "memoryTemperatureCelsius, nvml, DCGM_FI_DEV_MEMORY_TEMP, 1",
    "clockMegahertz, nvml, DCGM_FI_DEV_SM_CLOCK, 1",
    "memoryClockMegahertz, nvml, DCGM_FI_DEV_MEM_CLOCK, 1",
    "timeBusyPercent, nvml, DCGM_FI_DEV_GPU_UTIL, 1",
    "memoryTimeBusyPercent, nvml, DCGM_FI_DEV_MEM_COPY_UTIL, 1",
    "memoryUsedBytes, nvml, gpubench_memory_used_bytes, 1",
    "memoryFreeBytes, nvml, gpubench_memory_free_bytes, 1",
    "performanceState, nvml, DCGM_FI_DEV_PSTATE, 1",
    "eccCorrectedErrors, nvml, DCGM_FI_DEV_ECC_SBE_VOL_TOTAL, 1",
    "eccUncorrectedErrors, nvml, DCGM_FI_DEV_ECC_DBE_VOL_TOTAL, 1",
    "cgroupQuotaCpus, cgroup, gpubench_cgroup_quota_cpus, 1"
  })
  void namesAreThoseOfDcgmExporterWhereTheMeaningIsTheSame(
      String id, String source, String name, double factor) {
    Metric metric = Metric.of(Sensor.of(id, "U", Kind.LEVEL, false, source, "about it"));
    assertEquals(name, metric.name());
    assertEquals(factor, metric.factor());
  }

  @Test
  void countersOfOursEndAsCountersDo() {
    Metric metric = Metric.of(FakeSensors.STEAL);
    assertEquals(
        new Metric("gpubench_steal_seconds_total", "CPU time that others got (in s).", true, 1),
        metric);
  }

  /** Whatever this machine has: each line is a comment or a sample with a finite number. */
  @Test
  void thisMachineIsExposed() {
    String text = expose(Watched.processors("a host"));
    assertTrue(
        text.lines()
            .allMatch(line ->
                line.matches("# (HELP|TYPE) gpubench_[a-z_]+ .+")
                    || line.matches(
                        "gpubench_[a-z_]+\\{device=\"processors\",Hostname=\"a host\"}"
                            + " [0-9.]+")),
        text);
  }
}
