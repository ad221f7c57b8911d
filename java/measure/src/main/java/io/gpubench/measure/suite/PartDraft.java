// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.Watch;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.Conclusions;
import io.gpubench.measure.telemetry.Recorded;
import io.gpubench.measure.telemetry.SampleTimes;
import io.gpubench.measure.telemetry.TelemetryLog;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.worker.WorkerException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one process measures, growing with it, so that a process that fails half-way keeps what is
 * known.
 */
final class PartDraft {
  private final PlannedRun run;
  private final int repetition;
  private final Instant startedAt;
  private final boolean inTurn;
  private final TelemetryLog log = new TelemetryLog();
  private @Nullable Outcome outcome;
  private ProcessPart.@Nullable Failure failure;
  private boolean absent;
  private Measurer.@Nullable Facts facts;
  private Measurer.@Nullable Prepared prepared;
  private double startSeconds;
  private double coolDownSeconds;
  private double prepareSeconds;
  private Measurement.@Nullable Result result;
  private @Nullable Measurement measurement;
  private @Nullable Watch watch;
  private @Nullable Samples samples;
  private @Nullable Double processorSeconds;
  private @Nullable Telemetry before;
  private @Nullable Telemetry after;

  /**
   * Begins.
   *
   * @param inTurn whether another run takes samples in between
   */
  PartDraft(PlannedRun run, int repetition, Instant startedAt, boolean inTurn) {
    this.run = run;
    this.repetition = repetition;
    this.startedAt = startedAt;
    this.inTurn = inTurn;
  }

  /** More of what the sensors said; null for nothing. */
  void recorded(@Nullable Recorded more) {
    log.add(more);
  }

  /** All of what the sensors said; null where that was not recorded. To be asked once. */
  @Nullable Recorded telemetry() {
    Samples taken = kept();
    return log.finish(taken == null ? null : taken.origin());
  }

  void opened(Measurer.Facts opened, double seconds) {
    facts = opened;
    startSeconds = seconds;
  }

  void cooled(double seconds) {
    coolDownSeconds = seconds;
  }

  void prepared(Measurer.Prepared run, double seconds, Telemetry now) {
    prepared = run;
    prepareSeconds = seconds;
    before = now;
  }

  /** What is going to take the samples. */
  void measuredBy(Measurement taking) {
    measurement = taking;
    samples = taking.samples();
  }

  /** Who watches over it. */
  void watchedBy(Watch watching) {
    watch = watching;
  }

  /** How many answers were asked for again while it measured, and right. */
  long askedAgain() {
    return watch == null ? 0 : watch.asked();
  }

  void measured(Measurement.Result measured) {
    result = measured;
  }

  /** What the sensors said after the last sample. */
  void after(Telemetry now) {
    after = now;
  }

  /** How long processors worked for it while it warmed up and measured. */
  void worked(double seconds) {
    processorSeconds = seconds;
  }

  /** Ends it, unless something ended it before: the first failure says most. */
  void end(Outcome how) {
    if (outcome == null || outcome instanceof Outcome.Measured) {
      outcome = how;
    }
  }

  /** Ends it because the engine has not what it asks for: it was not tried. */
  void lacks(BenchException cause) {
    absent = true;
    end(new Outcome.Skipped(String.valueOf(cause.getMessage())));
  }

  /** Ends it by a failure. */
  void failed(BenchException cause) {
    if (outcome == null || outcome instanceof Outcome.Measured) {
      outcome = new Outcome.Failed(String.valueOf(cause.getMessage()));
      failure =
          switch (cause) {
            case WorkerException worker ->
                new ProcessPart.Failure(
                    worker.kind().word(),
                    worker.step(),
                    worker.stderr().isEmpty() ? null : worker.stderr());
            case EngineException engine -> new ProcessPart.Failure(kind(engine), step(), null);
            default -> null;
          };
    }
  }

  private static String kind(EngineException failure) {
    return switch (failure.kind()) {
      case UNAVAILABLE -> "unavailable";
      case FAILED, ABSENT -> "engine"; // what is missing only once it was prepared has failed
      case LOST_DEVICE -> "lost-device";
    };
  }

  private String step() {
    if (facts == null) {
      return "hello";
    }
    return prepared == null ? "prepare" : "measure";
  }

  @Nullable Outcome outcome() {
    return outcome;
  }

  /** Whether it ended because the engine has not what it asks for. */
  boolean absent() {
    return absent;
  }

  Measurer.@Nullable Facts facts() {
    return facts;
  }

  /** Whether each sample has a baseline. */
  boolean paired() {
    return prepared != null && prepared.paired();
  }

  Measurer.@Nullable Prepared prepared() {
    return prepared;
  }

  /** Samples that count: none when an answer was wrong or none was taken. */
  @Nullable Samples kept() {
    return outcome instanceof Outcome.Incorrect || samples == null || samples.count() == 0
        ? null
        : samples;
  }

  /** Whether the numbers can be believed. */
  Outcome judge() {
    if (prepared == null || facts == null || result == null) {
      throw new IllegalStateException("nothing was measured");
    }
    if (result.mismatch() != null) {
      return new Outcome.Incorrect(result.mismatch());
    }
    if (result.implausible() != null) {
      return new Outcome.Rejected("implausible: " + result.implausible());
    }
    if (result.stop() == Measurement.Stop.CLOCK) {
      return new Outcome.Rejected(
          String.format(
              Locale.ROOT,
              "the clock did not advance in %,d samples in a row",
              Measurement.STALL_LIMIT));
    }
    Statistics statistics = statistics();
    if (statistics == null && result.stop() == Measurement.Stop.INTERRUPTED) {
      return new Outcome.Skipped("stopped on request before the first sample");
    }
    String unresolved = Doubts.ofDiscards(result.samples().count(), result.samples().discards());
    if (unresolved != null || statistics == null) {
      return new Outcome.Rejected(String.valueOf(unresolved));
    }
    double median = statistics.median();
    String tooShort = Doubts.ofTimer(median, prepared.timer());
    String tooFast =
        Doubts.ofWork(median, prepared.work().operations(), facts.operationsPerSecond());
    String beyond = Doubts.ofBounds(median, prepared.demands(), facts.bounds());
    String amiss =
        Doubts.ofAmounts(
            run.workload(), run.values(), prepared.work(), prepared.amounts(), prepared.pieces());
    String tooLong = Doubts.ofStages(prepared.stages(), prepareSeconds);
    String why =
        Stream.of(tooShort, tooFast, beyond, amiss, tooLong)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return why == null ? new Outcome.Measured() : new Outcome.Rejected("implausible: " + why);
  }

  /** Of the samples that count. */
  @Nullable Statistics statistics() {
    Samples taken = kept();
    return taken == null ? null : Statistics.of(taken.durations());
  }

  /**
   * The part as it stands in the record.
   *
   * @param recorded what {@link #telemetry} gave
   */
  ProcessPart build(@Nullable Recorded recorded) {
    if (outcome == null) {
      throw new IllegalStateException("the process has not ended");
    }
    Samples taken = kept();
    long[] baselines = taken == null ? null : taken.baselines();
    return new ProcessPart(
        repetition,
        facts == null ? 0 : facts.pid(),
        startedAt.toString(),
        outcome.word(),
        outcome.reasonText(),
        failure,
        startSeconds,
        coolDownSeconds,
        prepareSeconds,
        measurement == null || measurement.warmup() == null ? null : warmup(measurement.warmup()),
        result == null ? null : result.stop().name().toLowerCase(Locale.ROOT),
        result == null ? 0 : Seconds.of(result.elapsedNanos()),
        processorSeconds,
        measurement == null ? 0 : measurement.verified(),
        taken == null ? 0 : taken.count(),
        samples == null ? Map.of() : samples.discards(),
        statistics(),
        prepared == null ? null : prepared.timer(),
        Telemetry.NONE.equals(before) ? null : before,
        Telemetry.NONE.equals(after) ? null : after,
        taken == null ? null : RunWriter.samplesName(run.id(), repetition),
        baselines == null ? null : Statistics.of(baselines),
        measurement == null ? null : measurement.throttling(),
        recorded == null ? null : concluded(recorded, taken),
        prepared == null || prepared.stages().isEmpty() ? null : prepared.stages());
  }

  private TelemetryPart concluded(Recorded recorded, @Nullable Samples taken) {
    return Conclusions.of(
        RunWriter.telemetryName(run.id(), repetition),
        recorded.columns(),
        recorded.polls(),
        taken == null ? SampleTimes.NONE : new SampleTimes(taken.starts(), taken.durations()),
        prepared == null || !(outcome instanceof Outcome.Measured)
            ? null
            : new Conclusions.Work(run.workload().unitOfWork(), prepared.work().units()),
        inTurn);
  }

  private static ProcessPart.WarmupPart warmup(Measurement.Warmup warmup) {
    return new ProcessPart.WarmupPart(
        warmup.samples(), Seconds.of(warmup.nanos()), warmup.steady());
  }
}
