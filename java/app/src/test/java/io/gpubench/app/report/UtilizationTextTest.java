// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UtilizationTextTest {
  private static final Map<String, Double> BOTH = Map.of("ceiling.copy", 1e9, "ceiling.int32", 1e9);

  @Test
  void timeAndBothShares() {
    assertEquals(
        "u: time-busy 97 % (nvml), 81 % of ceiling.copy, 74 % of ceiling.int32\n",
        text("gpu", BOTH, share(0.81, 0.74), telemetry(97.0, null)));
  }

  @Test
  void busyIsNotUsed() {
    assertEquals(
        """
        u: time-busy 100 % (nvml), 12 % of ceiling.copy, 4 % of ceiling.int32
          busy, not used: a kernel was always there, no ceiling is reached by half
        """,
        text("gpu", BOTH, share(0.12, 0.04), telemetry(100.0, null)));
  }

  @Test
  void usedIsNotBusy() {
    assertTrue(
        text("gpu", BOTH, share(0.9, 0.1), telemetry(60.0, null)).contains("  used, not busy: "));
    assertTrue(
        text("gpu", BOTH, share(0.2, 0.1), telemetry(60.0, null))
            .contains("  neither busy nor used: "));
    assertTrue(text("gpu", BOTH, share(0.4, 0.1), (TelemetryPart) null).contains("  not used: "));
  }

  /** Each process counts by its readings. */
  @Test
  void theMeanIsOverAllReadings() {
    assertEquals(
        "u: time-busy 91 % (nvml), 81 % of ceiling.copy, 74 % of ceiling.int32\n",
        text(
            "gpu",
            BOTH,
            share(0.81, 0.74),
            telemetry(94.0, null, 30),
            telemetry(82.0, null, 10),
            telemetry(null, "refused", 0)));
  }

  @Test
  void whatIsNotMeasuredIsNamed() {
    assertTrue(
        text("gpu", BOTH, share(0.8, 0.7), telemetry(null, "no-permission"))
            .startsWith("u: time-busy not measured (no-permission), 80 % of"));
    assertTrue(
        text("gpu", BOTH, share(0.8, 0.7), (TelemetryPart) null)
            .startsWith("u: time-busy not measured (sensors were not recorded), 80 % of"));
    assertTrue(
        text("gpu", BOTH, null, telemetry(95.0, null))
            .startsWith("u: time-busy 95 % (nvml), shares of ceilings not known"));
  }

  /** Of 2 threads, 0.9 s of processors' time in 0.5 s of warming up and measuring. */
  @Test
  void processorsAreLabelledAsSuch() {
    assertEquals(
        "u: time-busy not measured (sensors were not recorded), processors 90 % busy,"
            + " 81 % of ceiling.copy, 74 % of ceiling.int32\n",
        text(null, BOTH, share(0.81, 0.74), (TelemetryPart) null));
  }

  @Test
  void arraysInACacheSayNothingOfMemory() {
    assertTrue(
        text("gpu", Map.of("ceiling.int32", 1e9), onlyArithmetic(0.81), telemetry(97.0, null))
            .endsWith("\n  memory is not judged: a cache may hold the arrays\n"));
    assertEquals(
        """
        u: time-busy 97 % (nvml), 20 % of ceiling.int32
          memory is not judged: a cache may hold the arrays
          busy; whether it is used is not known: a cache may hold the arrays
        """,
        text("gpu", Map.of("ceiling.int32", 1e9), onlyArithmetic(0.2), telemetry(97.0, null)));
  }

  /** Twice the cache's size: half of all bytes need not come from memory. */
  @Test
  void aShareOfMemoryThatACacheMayHelpIsALowerBound() {
    Map<String, Double> half = Map.of("ceiling.copy", 0.5e9, "ceiling.int32", 1e9);
    assertEquals(
        """
        u: time-busy 97 % (nvml), at least 30 % of ceiling.copy, 20 % of ceiling.int32
          busy; whether it is used is not known: a cache may hold a part of the arrays
        """,
        text("gpu", half, share(0.3, 0.2), telemetry(97.0, null)));
    assertTrue(
        text("gpu", half, share(0.3, 0.2), telemetry(50.0, null))
            .contains("  not busy: the device waits; whether it is used is not known: "));
    assertTrue(
        text("gpu", half, share(0.6, 0.2), telemetry(97.0, null))
            .endsWith("at least 60 % of ceiling.copy, 20 % of ceiling.int32\n"));
    assertTrue(
        text("gpu", half, share(0.2, 0.2), telemetry(97.0, null)).contains("  busy, not used: "),
        "not by half even if memory did all of it");
    Map<String, Double> almost = Map.of("ceiling.copy", 0.96e9, "ceiling.int32", 1e9);
    assertTrue(
        text("gpu", almost, share(0.3, 0.2), telemetry(97.0, null)).contains("  busy, not used: "));
  }

  @Test
  void aCeilingThatIsNotKnownIsNamed() {
    assertEquals(
        """
        u: time-busy 97 % (nvml), 20 % of ceiling.copy, ceiling.int32 not known
          busy; whether it is used is not known: ceiling.int32 is not measured
        """,
        text("gpu", BOTH, share(0.2, null), telemetry(97.0, null)));
    assertTrue(
        text("gpu", BOTH, onlyArithmetic(0.2), (TelemetryPart) null)
            .endsWith("\n  whether it is used is not known: ceiling.copy is not measured\n"));
  }

  /** The same value wherever a record is told of. */
  @Test
  void timeBusyIsThatOfAllOtherReports() {
    ResultRecord record =
        record(
            "gpu", BOTH, share(0.81, 0.74), telemetry(94.0, null, 30), telemetry(82.0, null, 10));
    assertEquals(91, SensorsOfRecord.of(record).mean(Sensor.TIME_BUSY).orElseThrow());
  }

  @Test
  void otherWorkIsNotJudged() {
    ResultRecord record = RunFixture.result("c", new Outcome.Measured());
    assertEquals("", UtilizationText.of(record));
  }

  private static CeilingShare share(double binding, @Nullable Double other) {
    var others = new TreeMap<String, Double>();
    if (other != null) {
      others.put("ceiling.int32", other);
    }
    return share("ceiling.copy", binding, others.isEmpty() ? null : others);
  }

  private static CeilingShare onlyArithmetic(double share) {
    return share("ceiling.int32", share, null);
  }

  private static CeilingShare share(
      String ceiling, double share, @Nullable SortedMap<String, Double> others) {
    return new CeilingShare(
        CeilingShare.CEILING,
        ceiling,
        "gpu-1",
        "bytes/s",
        1e12,
        1e6,
        share,
        "2026-11-22T00:00:00Z",
        "run",
        null,
        others);
  }

  private static TelemetryPart telemetry(@Nullable Double mean, @Nullable String missing) {
    return telemetry(mean, missing, mean == null ? 0 : 20);
  }

  private static TelemetryPart telemetry(
      @Nullable Double mean, @Nullable String missing, long readings) {
    var sensor =
        new SensorPart(
            "%",
            "level", false, "nvml", "", null, "each", 1, missing, readings, mean, mean, mean, null,
            null, 0, null);
    return new TelemetryPart(
        "telemetry/u.1.csv",
        20,
        new TelemetryPart.Cost(1, 1, 1, 0.001),
        Map.of(Sensor.TIME_BUSY, sensor),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  private static String text(
      @Nullable String device,
      Map<String, Double> demands,
      @Nullable CeilingShare share,
      @Nullable TelemetryPart... ofProcesses) {
    return UtilizationText.of(record(device, demands, share, ofProcesses));
  }

  private static ResultRecord record(
      @Nullable String device,
      Map<String, Double> demands,
      @Nullable CeilingShare share,
      @Nullable TelemetryPart... ofProcesses) {
    var processes = new ArrayList<ProcessPart>();
    for (TelemetryPart telemetry : ofProcesses) {
      processes.add(process(telemetry));
    }
    return new ResultRecord(
        "u",
        "utilization",
        device == null ? "host" : "cuda",
        "launch",
        Map.of(),
        "Measured",
        null,
        device,
        false,
        "device",
        "ns",
        1,
        10,
        false,
        Statistics.of(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
        null,
        new ResultRecord.WorkPart("operations", 1e9, 1e9, 1e9),
        null,
        Map.of(),
        Map.of("threads", 2L),
        null,
        processes,
        null,
        null,
        demands,
        null,
        null,
        share,
        null,
        null);
  }

  private static ProcessPart process(@Nullable TelemetryPart telemetry) {
    return new ProcessPart(
        1,
        1,
        "2026-11-22T00:00:00Z",
        "Measured",
        null,
        null,
        0,
        0,
        0,
        new ProcessPart.WarmupPart(2, 0.1, true),
        null,
        0.4,
        0.9,
        10,
        10,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        telemetry,
        null);
  }
}
