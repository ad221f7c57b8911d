// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.conditions.Gauge.Opened;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Linux tells about the processors and about who else gets their time, each sensor with the
 * name of the interface that tells it. Each has its files open; see {@link Sensors} for the thread.
 */
public final class MachineSensors implements Sensors {
  /** CPU time that the host of this virtual machine gave to others. */
  public static final String STEAL = "stealSeconds";

  /** Time in which control groups held this process back, though CPUs were free. */
  public static final String THROTTLED = "cgroupThrottledSeconds";

  /** Periods in which they did. */
  public static final String THROTTLED_PERIODS = "cgroupThrottledPeriods";

  /** CPUs that they grant on average. */
  public static final String QUOTA = "cgroupQuotaCpus";

  /** Time in which some task waited for a CPU. */
  public static final String PRESSURE = "cpuPressureSeconds";

  /** What {@code /proc/stat} counts in: on every architecture that Java runs on. */
  private static final double TICK_SECONDS = 0.01;

  /** Of the line {@code cpu user nice system idle iowait irq softirq steal}. */
  private static final int STEAL_WORD = 8;

  private static final double MICRO = 1e-6;
  private static final double NANO = 1e-9;

  private final List<Gauge> gauges;
  private final List<Sensor> sensors;
  private String gap = "";

  private MachineSensors(List<Gauge> gauges) {
    this.gauges = List.copyOf(gauges);
    this.sensors = gauges.stream().map(Gauge::sensor).toList();
  }

  /** Those of this machine. */
  public static Source source() {
    return source(Path.of("/"));
  }

  /**
   * Those below another root folder.
   *
   * @param root holds {@code sys} and {@code proc}
   */
  public static Source source(Path root) {
    return () -> open(root);
  }

  private static MachineSensors open(Path root) {
    ProcessorSensors found = ProcessorSensors.find(root);
    ControlGroups groups = ControlGroups.find(root);
    String throttledKey = groups.unified() ? "throttled_usec" : "throttled_time";
    return new MachineSensors(
        List.of(
            energy(root),
            new LevelGauge(
                level(Sensor.TEMPERATURE, "C", "thermal", "the hottest sensor of the processors"),
                Opened.any(found.temperatures()),
                LevelGauge.Of.HIGHEST,
                ProcessorSensors.COLDEST_CELSIUS,
                ProcessorSensors.HOTTEST_CELSIUS),
            new LevelGauge(
                level(
                    Sensor.CLOCK,
                    "MHz",
                    "cpufreq",
                    "mean clock of the CPUs that this process may use, of at most 16"),
                Opened.any(found.clocks()),
                LevelGauge.Of.MEAN,
                0,
                Double.MAX_VALUE),
            SumGauge.word(
                STEAL_WORD,
                counter(
                    STEAL,
                    "s",
                    "proc",
                    "CPU time of all CPUs that the host of this virtual machine gave to others"),
                Opened.all(List.of(root.resolve("proc/stat"))),
                TICK_SECONDS),
            SumGauge.after(
                throttledKey,
                counter(
                    THROTTLED,
                    "s",
                    "cgroup",
                    "time in which a quota of this process's control groups held it back"),
                Opened.all(groups.statistics()),
                groups.unified() ? MICRO : NANO),
            SumGauge.after(
                "nr_throttled",
                counter(THROTTLED_PERIODS, "", "cgroup", "periods in which a quota held it back"),
                Opened.all(groups.statistics()),
                1),
            new QuotaGauge(
                level(
                    QUOTA,
                    "CPUs",
                    "cgroup",
                    "CPUs that the control groups grant on average, where they have a quota"),
                Opened.all(groups.quotas()),
                !groups.unified()),
            SumGauge.after(
                "total=",
                counter(PRESSURE, "s", "pressure", "time in which some task waited for a CPU"),
                Opened.all(List.of(root.resolve("proc/pressure/cpu"))),
                MICRO)));
  }

  private static Sensor level(String id, String unit, String source, String about) {
    return Sensor.of(id, unit, Kind.LEVEL, false, source, about);
  }

  private static Sensor counter(String id, String unit, String source, String about) {
    return Sensor.of(id, unit, Kind.COUNTER, false, source, about);
  }

  /** Packages count their cores too, so that zones below them, and the whole platform, are not. */
  private static Gauge energy(Path root) {
    var counters = new ArrayList<Path>();
    var ranges = new ArrayList<Long>();
    for (Path zone : ProcessorSensors.entries(root.resolve("sys/class/powercap"), "intel-rapl:*")) {
      if (text(zone.resolve("name")).startsWith("package")) {
        counters.add(zone.resolve("energy_uj"));
        ranges.add(range(zone.resolve("max_energy_range_uj")));
      }
    }
    Opened opened = Opened.all(counters);
    return new EnergyGauge(
        Sensor.of(
            Sensor.ENERGY,
            "J",
            Kind.COUNTER,
            true,
            "rapl",
            "energy that the packages of the processors drew"),
        opened,
        ranges.stream().mapToLong(Long::longValue).toArray());
  }

  private static long range(Path file) {
    try {
      return Long.parseLong(text(file));
    } catch (NumberFormatException _) {
      return 0; // no reading fits, so that none is taken for one
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException _) {
      return "";
    }
  }

  @Override
  public List<Sensor> all() {
    return sensors;
  }

  @Override
  public double read(int index) {
    Gauge gauge = gauges.get(index);
    double reading = gauge.read();
    gap = !Double.isNaN(reading) ? "" : gauge.gap();
    return reading;
  }

  @Override
  public String gap() {
    return gap;
  }

  @Override
  public void close() {
    gauges.forEach(Gauge::close);
  }
}
