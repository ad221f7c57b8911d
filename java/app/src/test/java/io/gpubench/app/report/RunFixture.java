// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs that nobody measured, with every awkward value. */
public final class RunFixture {
  private static final long NO_PROCESS = Long.MAX_VALUE;
  private static final String STARTED = "2026-11-21T03:56:22.125Z";

  private RunFixture() {}

  public static RunDocument document(String status, List<ResultRecord> records) {
    return new RunDocument(
        RunDocument.SCHEMA,
        "20261121T035622Z-default-3f9a1c",
        status,
        status.equals("failed") ? "the disk is full" : null,
        NO_PROCESS,
        "default",
        "quick",
        STARTED,
        status.equals("running") ? null : "2026-11-21T03:57:22.125Z",
        status.equals("running") ? null : 60.04,
        60,
        new RunDocument.Tool("gpubench", "0.1.0", "unknown", false),
        List.of("run"),
        List.of(
            new RunDocument.EngineChoice(
                "host", "auto", "C with AVX2", null, false, Map.of(), null, 2, null, null),
            new RunDocument.EngineChoice(
                "cuda",
                "cuda",
                "simulated",
                "Simulated CUDA device",
                true,
                Map.of(),
                null,
                2,
                null,
                null)),
        new Conditions(
            Conditions.WORKERS, 6, 7L, null, null, List.of(), List.of(), null, null, null),
        Map.of(),
        records.stream().map(RunFixture::planned).toList(),
        records);
  }

  private static RunDocument.Planned planned(ResultRecord record) {
    return new RunDocument.Planned(
        record.id(), record.workload(), record.engine(), record.path(), record.parameters(), null);
  }

  /** A record that has nothing but its outcome. */
  public static ResultRecord result(String id, Outcome outcome) {
    return result(id, "host", 4, outcome, 0, true, null, null);
  }

  static ResultRecord result(
      String id,
      String engine,
      long validators,
      Outcome outcome,
      long count,
      boolean underSampled,
      @Nullable Statistics statistics,
      ResultRecord.@Nullable Throughput throughput) {
    var parameters = new LinkedHashMap<String, Object>();
    parameters.put("validators", validators);
    parameters.put("byzantine", 0.33);
    parameters.put("tags", "a, \"quoted\" one");
    return new ResultRecord(
        id,
        "consensus",
        engine,
        "call",
        parameters,
        outcome.word(),
        outcome.reasonText(),
        engine.equals("cuda") ? "Simulated CUDA device" : null,
        engine.equals("cuda"),
        "host",
        "ns",
        6,
        count,
        underSampled,
        statistics,
        statistics == null
            ? null
            : new Variation(6, 0.02, 0.031, 0.003, 0.0309, 14_000.0, 15_000.0),
        null,
        throughput,
        Map.of(),
        Map.of(),
        statistics == null ? null : RunWriter.histogramName(id),
        List.of(part(id, outcome, count, statistics)),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** One record of one process on a device, beside which sensors were read. */
  static RunDocument withTelemetry(TelemetryPart telemetry) {
    ResultRecord without =
        result("a", "cuda", 4, new Outcome.Measured(), 1_000, false, rich(), null);
    return document(
        "complete",
        List.of(
            withProcesses(
                without,
                List.of(
                    part(
                        1,
                        "a",
                        new Outcome.Measured(),
                        1_000,
                        without.statistics(),
                        telemetry,
                        null)))));
  }

  /** The record with processes that went through these stages, each with the same statistics. */
  @SafeVarargs
  static ResultRecord withStages(ResultRecord record, Map<String, Long>... ofProcesses) {
    var parts = new ArrayList<ProcessPart>();
    for (Map<String, Long> stages : ofProcesses) {
      parts.add(
          part(
              parts.size() + 1,
              record.id(),
              record.outcomeValue(),
              1_000,
              record.statistics(),
              null,
              stages));
    }
    return withProcesses(record, parts);
  }

  private static ResultRecord withProcesses(ResultRecord record, List<ProcessPart> parts) {
    return new ResultRecord(
        record.id(),
        record.workload(),
        record.engine(),
        record.path(),
        record.parameters(),
        record.outcome(),
        record.reason(),
        record.device(),
        record.synthetic(),
        record.clock(),
        record.unit(),
        parts.size(),
        record.sampleCount(),
        record.underSampled(),
        record.statistics(),
        record.variation(),
        record.work(),
        record.throughput(),
        record.verification(),
        record.configuration(),
        record.histogram(),
        parts,
        record.cache(),
        record.pieces(),
        record.demands(),
        record.paired(),
        record.underSampledWhy(),
        record.ceiling(),
        record.amounts(),
        record.rates());
  }

  private static ProcessPart part(
      String id, Outcome outcome, long count, @Nullable Statistics statistics) {
    return part(1, id, outcome, count, statistics);
  }

  /** What a process measured. */
  static ProcessPart part(
      int number, String id, Outcome outcome, long count, @Nullable Statistics statistics) {
    return part(number, id, outcome, count, statistics, null, null);
  }

  private static ProcessPart part(
      int number,
      String id,
      Outcome outcome,
      long count,
      @Nullable Statistics statistics,
      @Nullable TelemetryPart telemetry,
      @Nullable Map<String, Long> stages) {
    return new ProcessPart(
        number,
        4711,
        STARTED,
        outcome.word(),
        outcome.reasonText(),
        null,
        0.2,
        0,
        0.5,
        null,
        null,
        1,
        null,
        count,
        count,
        Map.of(),
        statistics,
        new Timer(1, 20),
        null,
        null,
        statistics == null ? null : RunWriter.samplesName(id, number),
        null,
        null,
        telemetry,
        stages);
  }

  /** One of everything that a record can look like. */
  static RunDocument awkward() {
    var throughput = new ResultRecord.Throughput("messages/s", 71_234_567.8, 7e7, 7.2e7);
    var slow = new ResultRecord.Throughput("messages/s", 999.96, null, null);
    return document(
        "complete",
        List.of(
            result("a", "host", 1_000, new Outcome.Measured(), 123_456, false, rich(), throughput),
            result("b", "host", 10_000, new Outcome.Measured(), 1, true, poor(), slow),
            result("c", "host", 4, new Outcome.Incorrect("word 3 is 7"), 0, true, null, null),
            result("d", "host", 5, new Outcome.Rejected("implausible"), 10, false, rich(), null),
            result("e", "cuda", 4, new Outcome.Failed("the device\nis lost"), 0, true, null, null),
            result("f", "cuda", 4, new Outcome.Skipped("stopped"), 0, true, null, null)));
  }

  private static Statistics rich() {
    return new Statistics(
        14_037.5,
        14_037.5,
        15_000,
        16_000.25,
        17_000,
        13_000,
        1_250_000,
        14_100.125,
        12.5,
        10,
        0.001,
        -0.002,
        0.25,
        1_000,
        new Statistics.Intervals(
            interval(14_030.0, 14_040.0),
            interval(14_990.0, 15_010.0),
            interval(15_900.0, 16_100.0),
            interval(16_900.0, 17_100.0)),
        new Statistics.Outliers(flagged(), flagged()));
  }

  /**
   * A record of so many units a sample and of nothing but a median, known to one per cent, by the
   * clock of the host.
   */
  static ResultRecord timed(
      String engine,
      String path,
      Map<String, Object> parameters,
      double units,
      double medianNanos) {
    return timed(engine, path, parameters, units, medianNanos, null, null);
  }

  /**
   * The same.
   *
   * @param ceiling how near it comes to what the hardware can do
   * @param amounts what else a sample does
   */
  static ResultRecord timed(
      String engine,
      String path,
      Map<String, Object> parameters,
      double units,
      double medianNanos,
      @Nullable CeilingShare ceiling,
      @Nullable Map<String, Double> amounts) {
    Statistics like = rich();
    var rates = new LinkedHashMap<String, ResultRecord.Throughput>();
    if (amounts != null) {
      amounts.forEach((name, amount) -> rates.put(name, rate(name, amount, medianNanos)));
    }
    return new ResultRecord(
        "timed",
        "consensus",
        engine,
        path,
        parameters,
        new Outcome.Measured().word(),
        null,
        null,
        false,
        "host",
        "ns",
        6,
        6_000,
        false,
        new Statistics(
            medianNanos,
            medianNanos,
            medianNanos,
            medianNanos,
            medianNanos,
            (long) medianNanos,
            (long) medianNanos,
            medianNanos,
            null,
            0,
            null,
            null,
            null,
            1,
            new Statistics.Intervals(
                interval(0.99 * medianNanos, 1.01 * medianNanos),
                like.intervals().p95(),
                like.intervals().p99(),
                like.intervals().p999()),
            like.outliers()),
        null,
        new ResultRecord.WorkPart("messages", units, 0, 0),
        rate("messages", units, medianNanos),
        Map.of(),
        Map.of(),
        null,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        ceiling,
        amounts,
        amounts == null ? null : rates);
  }

  private static ResultRecord.Throughput rate(String unit, double units, double medianNanos) {
    return new ResultRecord.Throughput(
        unit + "/s",
        1e9 * units / medianNanos,
        0.99e9 * units / medianNanos,
        1.01e9 * units / medianNanos);
  }

  /** Parameters in that order. */
  static Map<String, Object> tuned(String first, Object value, String second, Object other) {
    var parameters = new LinkedHashMap<String, Object>();
    parameters.put(first, value);
    parameters.put(second, other);
    return parameters;
  }

  private static Statistics poor() {
    QuantileInterval none = interval(null, null);
    return new Statistics(
        999_960,
        999_960,
        999_960,
        999_960,
        999_960,
        999_960,
        999_960,
        999_960,
        null,
        0,
        null,
        null,
        null,
        1,
        new Statistics.Intervals(none, none, none, none),
        new Statistics.Outliers(flagged(), flagged()));
  }

  private static QuantileInterval interval(@Nullable Double lower, @Nullable Double upper) {
    return new QuantileInterval(lower, upper, 0.95, lower == null || upper == null ? null : 0.95);
  }

  private static Statistics.Flagged flagged() {
    return new Statistics.Flagged(0, 14_037.5, 14_100.125, null);
  }
}
