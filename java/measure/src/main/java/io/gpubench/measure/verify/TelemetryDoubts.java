// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Doubts about what sensors are said to have said. */
final class TelemetryDoubts {
  // No chip works beyond these; sensors are known to be off by some 10 degrees.
  private static final double COLDEST_CELSIUS = -60;
  private static final double HOTTEST_CELSIUS = 150;
  // Several times what the largest devices have.
  private static final double MOST_WATTS = 10_000;
  private static final double MOST_MEGAHERTZ = 10_000;
  private static final double MOST_MEMORY_MEGAHERTZ = 50_000;

  private static final int FEWEST_READINGS = 10;
  private static final double MOST_APART = 3;

  /** Clocks are rounded, to a few MHz at most. */
  private static final double CLOCK_MARGIN = 1.02;

  // A limit is kept on average; peaks go beyond it by a half, and the limit may have been changed
  // from what it was when the engine was opened.
  private static final double POWER_MARGIN = 2;
  private static final double POWER_MARGIN_WATTS = 50;

  private final List<RunDocument.EngineChoice> engines;
  private final ResultRecord record;
  private final String subject;
  private final List<Finding> findings = new ArrayList<>();
  private String moment = "";

  private TelemetryDoubts(
      List<RunDocument.EngineChoice> engines, ResultRecord record, ProcessPart part) {
    this.engines = engines;
    this.record = record;
    this.subject = MeasuredProcess.subject(record, part);
  }

  static List<Finding> of(RunDocument run) {
    var all = new ArrayList<Finding>();
    for (ResultRecord record : run.records()) {
      List<RunDocument.EngineChoice> engines = Engines.of(run, record);
      for (ProcessPart part : record.processes()) {
        var doubts = new TelemetryDoubts(engines, record, part);
        doubts.look("before", part.telemetryBefore());
        doubts.look("after", part.telemetryAfter());
        doubts.look("while", highest(part.telemetry()));
        doubts.energy(part.telemetry());
        all.addAll(doubts.findings);
      }
    }
    return all;
  }

  /** The counter of energy and the sensors of power stand for the same. */
  private void energy(@Nullable TelemetryPart recorded) {
    TelemetryPart.Energy energy = recorded == null ? null : recorded.energy();
    SensorPart power = recorded == null ? null : recorded.sensors().get(Sensor.POWER_INSTANT);
    if (energy == null
        || power == null
        || power.mean() == null
        || power.readings() < FEWEST_READINGS) {
      return;
    }
    double watts = energy.joules() / energy.windowSeconds();
    if (watts > MOST_APART * power.mean() || power.mean() > MOST_APART * watts) {
      moment = "while";
      add(
          String.format(
              Locale.ROOT,
              "%.1f watts by the counter of energy, and %.1f by the sensor of power",
              watts,
              power.mean()));
    }
  }

  /** The highest of all readings beside samples. */
  private static @Nullable Telemetry highest(@Nullable TelemetryPart recorded) {
    return recorded == null
        ? null
        : new Telemetry(
            highest(recorded, Sensor.TEMPERATURE),
            highest(recorded, Sensor.POWER_INSTANT),
            highest(recorded, Sensor.CLOCK),
            highest(recorded, Sensor.MEMORY_CLOCK));
  }

  private static @Nullable Double highest(TelemetryPart recorded, String sensor) {
    SensorPart part = recorded.sensors().get(sensor);
    return part == null ? null : part.max();
  }

  private void look(String when, @Nullable Telemetry telemetry) {
    if (telemetry == null) {
      return;
    }
    moment = when;
    Double watts = telemetry.powerWatts();
    Double clock = telemetry.clockMegahertz();
    Double memoryClock = telemetry.memoryClockMegahertz();
    range(telemetry.temperatureCelsius(), "degrees Celsius", COLDEST_CELSIUS, HOTTEST_CELSIUS);
    range(watts, "watts", 0, MOST_WATTS);
    range(clock, "MHz", 0, MOST_MEGAHERTZ);
    range(memoryClock, "MHz of memory", 0, MOST_MEMORY_MEGAHERTZ);
    if (Engines.foreign(engines) || engines.isEmpty()) {
      return; // what a foreign engine has and how it describes itself is its own affair
    }
    if (record.device() == null && (watts != null || memoryClock != null)) {
      add("power or memory clock, but processors did the work, of which no such sensor is read");
    }
    most(clock, "MHz", described("maxClockMegahertz.multiprocessor") * CLOCK_MARGIN);
    most(memoryClock, "MHz of memory", described("maxClockMegahertz.memory") * CLOCK_MARGIN);
    most(
        watts,
        "watts",
        described("powerLimitMilliwatts") / 1e3 * POWER_MARGIN + POWER_MARGIN_WATTS);
  }

  private void add(String what) {
    findings.add(
        Finding.of(Flaw.TELEMETRY, subject, "sensors said %s measuring: %s", moment, what));
  }

  private void range(@Nullable Double value, String unit, double least, double most) {
    if (value != null && !(value >= least && value <= most)) {
      add(
          String.format(
              Locale.ROOT, "%.1f %s, which is outside %.0f .. %.0f", value, unit, least, most));
    }
  }

  private void most(@Nullable Double value, String unit, double most) {
    if (value != null && value > most) {
      add(
          String.format(
              Locale.ROOT,
              "%.1f %s, but by its own description at most about %.0f",
              value,
              unit,
              most));
    }
  }

  /** A number in the engine's description, the largest of them; infinite when one has none or 0. */
  private double described(String key) {
    double most = 0;
    for (RunDocument.EngineChoice engine : engines) {
      most =
          Math.max(
              most,
              engine.description().get(key) instanceof Number number && number.doubleValue() > 0
                  ? number.doubleValue()
                  : Double.POSITIVE_INFINITY);
    }
    return most;
  }
}
