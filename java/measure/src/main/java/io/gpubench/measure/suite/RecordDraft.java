// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.stats.Statistics;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that grows with the run it describes, so that a run that fails half-way keeps what is
 * known.
 */
final class RecordDraft {
  private final PlannedRun planned;
  private final @Nullable String device;
  private final boolean synthetic;
  private final Timer timer;
  private final Instant startedAt;
  private PreparedRun.@Nullable Work work;
  private String clock = "host";
  private Map<String, Object> verification = Map.of();
  private Map<String, Object> configuration = Map.of();
  private double prepareSeconds;
  private SampleLoop.@Nullable Result result;
  private @Nullable Statistics statistics;
  private long count;

  RecordDraft(PlannedRun planned, Session session, Timer timer, Instant startedAt) {
    this.planned = planned;
    this.device = session.device();
    this.synthetic = session.synthetic();
    this.timer = timer;
    this.startedAt = startedAt;
  }

  void prepared(PreparedRun run, double seconds) {
    work = run.work();
    clock = run.clock().name().toLowerCase(Locale.ROOT);
    verification = run.verification();
    configuration = run.configuration();
    prepareSeconds = seconds;
  }

  void sampled(SampleLoop.Result sampled) {
    result = sampled;
    verification = new LinkedHashMap<>(verification);
    verification.put("answersRight", sampled.verified());
    verification.put("answersWrong", sampled.mismatch() == null ? 0 : 1);
  }

  void statistics(Samples samples) {
    count = samples.count();
    statistics = count == 0 ? null : Statistics.of(samples.durations());
  }

  /**
   * Whether the numbers can be believed.
   *
   * @param physicalOperationsPerSecond what the hardware cannot exceed
   */
  Outcome judge(double physicalOperationsPerSecond) {
    if (result != null && result.stop() == SampleLoop.Stop.CLOCK) {
      return new Outcome.Rejected(
          String.format(
              Locale.ROOT,
              "the clock did not advance in %,d samples in a row",
              SampleLoop.STALL_LIMIT));
    }
    if (statistics == null) {
      return new Outcome.Skipped("stopped on request before the first sample");
    }
    double median = statistics.median();
    if (timer.cannotResolve(median)) {
      return new Outcome.Rejected(
          "implausible: the median of %s ns is below what the timer resolves (an empty window shows %d ns)"
              .formatted(plain(median), timer.overheadNanos()));
    }
    if (work != null && work.operations() / (median / 1e9) > physicalOperationsPerSecond) {
      return new Outcome.Rejected(
          "implausible: %s operations in %s ns are more than this hardware can execute"
              .formatted(plain(work.operations()), plain(median)));
    }
    return new Outcome.Measured();
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  ResultRecord build(Outcome outcome) {
    return new ResultRecord(
        planned.id(),
        planned.workload().id(),
        planned.engine(),
        planned.path(),
        planned.values().asMap(),
        outcome.word(),
        outcome.reasonText(),
        device,
        synthetic,
        clock,
        "ns",
        count,
        count < planned.stoppingRule().minSamples(),
        result == null ? Map.of() : result.samples().discards(),
        result == null ? null : result.stop().name().toLowerCase(Locale.ROOT),
        result == null ? null : warmup(result.warmup()),
        statistics,
        work == null ? null : workPart(work),
        work == null || statistics == null ? null : throughput(work, statistics),
        verification,
        configuration,
        timer,
        startedAt.toString(),
        prepareSeconds,
        result == null ? 0 : seconds(result.elapsedNanos()),
        count == 0 ? null : RunWriter.files(planned.id()));
  }

  private static ResultRecord.WarmupPart warmup(SampleLoop.Warmup warmup) {
    return new ResultRecord.WarmupPart(warmup.samples(), seconds(warmup.nanos()), warmup.steady());
  }

  private ResultRecord.WorkPart workPart(PreparedRun.Work done) {
    return new ResultRecord.WorkPart(
        planned.workload().unitOfWork(), done.units(), done.bytes(), done.operations());
  }

  private ResultRecord.Throughput throughput(PreparedRun.Work done, Statistics times) {
    var interval = times.intervals().median();
    return new ResultRecord.Throughput(
        planned.workload().unitOfWork() + "/s",
        perSecond(done, times.median()),
        interval.upper() == null ? null : perSecond(done, interval.upper()),
        interval.lower() == null ? null : perSecond(done, interval.lower()));
  }

  /** Nanoseconds as seconds, to the millisecond. */
  static double seconds(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }

  private static double perSecond(PreparedRun.Work done, double nanos) {
    return done.units() / (nanos / 1e9);
  }
}
