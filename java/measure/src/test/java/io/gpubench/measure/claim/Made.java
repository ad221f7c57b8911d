// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.claim.Target.Direction;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Faults;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims, records and runs for tests; each method changes one thing of a record. */
final class Made {
  static final Place NOWHERE = new Place.OnCommandLine("");
  static final Mode CALL = new Mode("call", PreparedRun.Clock.HOST, Mode.Cache.HOT);
  static final Map<String, Object> VALUES = Map.of("validators", 4L);

  String outcome = "Measured";
  @Nullable String reason;
  @Nullable String device;
  boolean synthetic;
  boolean underSampled;
  String clock = "host";
  @Nullable Integer pieces;
  long sampleCount = 1_000;
  long throttledSamples;
  @Nullable Double busyPercent;
  Map<String, Object> parameters = VALUES;
  Map<String, Object> configuration = Map.of("threads", 2);
  Map<String, Object> description = Map.of();
  List<String> overridden = List.of();
  @Nullable Faults faults;
  @Nullable String flaw;

  private Made() {}

  static Made up() {
    return new Made();
  }

  static Claim claim(Metric metric, Target target) {
    return claim(metric, target, 0.95, null, null, Requirement.NONE);
  }

  static Claim claim(
      Metric metric,
      Target target,
      double confidence,
      @Nullable Long minimumSamples,
      @Nullable Integer processes,
      Requirement requires) {
    return new Claim(
        "quick",
        "it is quick",
        "somebody",
        NOWHERE,
        new Reference("consensus", NOWHERE),
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        metric,
        NOWHERE,
        target,
        confidence,
        minimumSamples,
        processes,
        requires,
        null);
  }

  static Target atMost(double value) {
    return new Target(value, Direction.AT_MOST, false, "at most " + value);
  }

  static Target atLeast(double value) {
    return new Target(value, Direction.AT_LEAST, false, "at least " + value);
  }

  static ClaimCase.Side side(Map<String, Object> values) {
    ResultRecord like = up().record("x", new double[] {1});
    return new ClaimCase.Side(
        ClaimCase.key(
            new ResultRecord(
                "x",
                like.workload(),
                like.engine(),
                like.path(),
                values,
                "Measured",
                null,
                null,
                false,
                "host",
                "ns",
                1,
                0,
                false,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null)),
        "consensus",
        "host",
        CALL,
        new ParameterValues(values));
  }

  static ClaimCase of(Claim claim) {
    return new ClaimCase(claim, side(VALUES), null);
  }

  /** A record of processes, in each of which every quantile is that many nanoseconds. */
  ResultRecord record(String id, double[] nanos) {
    List<ProcessPart> parts = new ArrayList<>();
    for (double each : nanos) {
      parts.add(part(parts.size() + 1, each));
    }
    List<Statistics> statistics = parts.stream().map(ProcessPart::statistics).toList();
    return new ResultRecord(
        id,
        "consensus",
        "host",
        "call",
        parameters,
        outcome,
        reason,
        device,
        synthetic,
        clock,
        "ns",
        nanos.length,
        sampleCount * nanos.length,
        underSampled,
        statistics.isEmpty() ? null : statistics.getFirst(),
        null,
        new ResultRecord.WorkPart("messages", 1_000, 1, 1),
        null,
        Map.of(),
        configuration,
        null,
        parts,
        null,
        pieces,
        null,
        null,
        null,
        null,
        Map.of("comparisons", 5_000.0),
        null);
  }

  private ProcessPart part(int number, double nanos) {
    return new ProcessPart(
        number,
        1,
        "2026-01-01T00:00:00Z",
        outcome,
        reason,
        null,
        0.1,
        0,
        0.1,
        null,
        "samples",
        1,
        null,
        sampleCount,
        sampleCount,
        Map.of(),
        same(nanos),
        new Timer(10, 20),
        null,
        null,
        null,
        null,
        throttledSamples == 0
            ? null
            : new Throttling(9, Map.of("hw-slowdown", 3L), 0, throttledSamples, true),
        busyPercent == null ? null : busy(busyPercent),
        null);
  }

  private static TelemetryPart busy(double percent) {
    return new TelemetryPart(
        "t",
        100,
        new TelemetryPart.Cost(1, 1, 1, 0),
        Map.of(
            Sensor.TIME_BUSY,
            new TelemetryPart.SensorPart(
                "%",
                "level", false, "nvml", "", null, "each", 1, null, 50, percent, percent, percent,
                null, null, 0, null)),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  /** All quantiles the same; the exact ones, which whole nanoseconds would round. */
  private static Statistics same(double nanos) {
    Statistics like = Statistics.of(new long[] {1_000, 1_000, 1_000});
    return new Statistics(
        nanos,
        nanos,
        nanos,
        nanos,
        nanos,
        1,
        1,
        nanos,
        0.0,
        0,
        0.0,
        null,
        null,
        1,
        like.intervals(),
        like.outliers());
  }

  /** A run of it. */
  Evidence evidence(double... nanos) {
    return run(List.of(record("own", nanos)), null);
  }

  private RunDocument.EngineChoice engine() {
    return new RunDocument.EngineChoice(
        "host", "host", "asked for", device, synthetic, description, null, 2, null, null);
  }

  /** A run, with the engine of another one beside this one's. */
  Evidence run(List<ResultRecord> records, @Nullable List<DuetComparison> duets, Made... others) {
    var engines = new ArrayList<>(List.of(engine()));
    Arrays.stream(others).map(Made::engine).forEach(engines::add);
    var document =
        new RunDocument(
            RunDocument.SCHEMA,
            "a-run",
            RunDocument.COMPLETE,
            null,
            1,
            "validate",
            "claims",
            "2026-01-01T00:00:00Z",
            null,
            null,
            60,
            new RunDocument.Tool("gpubench", "0", "unknown", false),
            List.of(),
            engines,
            new Conditions(
                Conditions.WORKERS, 8, 7L, null, null, overridden, List.of(), null, null, faults),
            Map.of("cpu", Map.of("model", "Some Processor 9000")),
            List.of(),
            records,
            duets,
            null);
    return new Evidence("results/a-run", document, flaw);
  }

  static double[] times(int count, double nanos) {
    double[] all = new double[count];
    Arrays.fill(all, nanos);
    return all;
  }
}
