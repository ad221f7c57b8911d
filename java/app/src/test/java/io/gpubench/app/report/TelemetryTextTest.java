// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.telemetry.Column;
import io.gpubench.measure.telemetry.Conclusions;
import io.gpubench.measure.telemetry.Polls;
import io.gpubench.measure.telemetry.SampleTimes;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TelemetryTextTest {
  private static final long MS = 1_000_000;

  private static Column column(String id, Kind kind) {
    return new Column(Sensor.of(id, "", kind, false, "fake", "a fixture"), 1_000, Column.Pace.EACH);
  }

  /** A second at 200 to 210 W, half of which belongs to samples of 10 units. */
  private static TelemetryPart second(boolean energy, boolean clock) {
    var columns =
        List.of(
            column(Sensor.POWER_INSTANT, Kind.LEVEL),
            column(Sensor.ENERGY, Kind.COUNTER),
            column(Sensor.TEMPERATURE, Kind.LEVEL),
            column(Sensor.CLOCK, Kind.LEVEL),
            column(Sensor.TIME_BUSY, Kind.LEVEL),
            column("eccCorrectedErrors", Kind.COUNTER),
            column(Sensor.POWER_LIMIT, Kind.LEVEL));
    var polls = new Polls(columns.size());
    for (int i = 0; i <= 100; i++) {
      polls.begin(10 * MS * i);
      polls.took(50_000);
      polls.set(0, 200 + i % 2 * 10, null);
      polls.set(1, energy ? 5_000 + i * 2.05 : Double.NaN, energy ? null : Sensors.NOT_SUPPORTED);
      polls.set(2, 61, null);
      polls.set(3, clock ? 1_980 : Double.NaN, clock ? null : Sensors.NO_PERMISSION);
      polls.set(4, 97, null);
      polls.set(5, i < 50 ? 3 : 5, null);
      polls.set(6, 300, null);
    }
    long[] starts = new long[1_000];
    long[] durations = new long[1_000];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i * MS;
      durations[i] = i % 10 == 0 ? 600_000 : 500_000;
    }
    return Conclusions.of(
        "telemetry/x.csv",
        columns,
        polls,
        new SampleTimes(starts, durations),
        new Conclusions.Work("messages", 10),
        false);
  }

  private static RunDocument run(TelemetryPart part) {
    return RunFixture.withTelemetry(part);
  }

  @Test
  void whatSensorsSaidIsUnderTheTable() {
    String text = RunTable.of(run(second(true, true)));
    assertTrue(
        text.contains(
            """
            a: 205.0 W (200.0 .. 210.0), 61 C, 1,980 MHz, time-busy 97 %,
              10.5 mJ (5.50 mJ .. 20.8 mJ) per unit of work (messages), eccCorrectedErrors +2
            """),
        text);
    assertTrue(text.contains("\nsensors: 101 polls of 50 us on a thread of their own; "), text);
    assertTrue(
        text.endsWith(
            "\n  updated, as far as polls can tell, every: energyJoules 0.010 s, powerInstantWatts"
                + " 0.010 s\n"),
        text);
  }

  @Test
  void whatIsNotThereIsSaidAndIsNoNumber() {
    String text = TelemetryText.of(run(second(false, false)).records().getFirst());
    assertEquals(
        """
        a: 205.0 W (200.0 .. 210.0), 61 C, time-busy 97 %, eccCorrectedErrors +2,
          not measured: clockMegahertz (no-permission)
        """,
        text);
  }

  @Test
  void aRunWithoutSensorsSaysNothing() {
    assertEquals("", TelemetryText.cost(RunFixture.awkward()));
    assertEquals("", TelemetryText.of(RunFixture.awkward().records().getFirst()));
  }
}
