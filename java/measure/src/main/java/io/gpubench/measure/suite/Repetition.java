// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.ProcessorTime;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Instruments;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.Phases;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.run.Watch;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.Recorded;
import io.gpubench.measure.telemetry.Recorder;
import io.gpubench.measure.worker.WorkerException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One repetition of a planned run: a measurer, and what becomes of it. A failure of the engine or
 * its process ends the repetition and is kept, not thrown. In this order: {@link #start}, {@link
 * #measurement}, {@link #ended} or {@link #failed}, {@link #close}, {@link #record}. Owns the
 * measurer. Used by one thread at a time.
 */
public final class Repetition implements AutoCloseable {
  /** Not the run's seed: an engine knows that. */
  private static final SecureRandom SECRET = new SecureRandom();

  private final Workbench bench;
  private final Turn turn;
  private final RecordDraft draft;
  private final PartDraft part;
  private final Phases phases;
  private @Nullable Measurer measurer;
  private OptionalLong workedBefore = OptionalLong.empty();
  private boolean recordedLast;

  Repetition(Workbench bench, Turn turn, RecordDraft draft) {
    this.bench = bench;
    this.turn = turn;
    this.draft = draft;
    this.part =
        new PartDraft(
            turn.run(),
            turn.repetition(),
            Workbench.now(),
            bench.writer().document().duets() != null);
    PlannedRun run = turn.run();
    this.phases =
        new Phases(
            new Subject(run.engine(), run.workload().id(), run.mode(), run.values().asMap()));
  }

  /**
   * Opens the measurer, lets its device cool down, prepares the run and compares its first answers
   * with the oracle's.
   *
   * @return whether it can measure; else it has ended
   */
  public boolean start() {
    return attempt(this::open) && part.outcome() == null;
  }

  private void open() {
    PlannedRun run = turn.run();
    long begin = System.nanoTime();
    Measurer opened;
    try (Mark _ = phases.begin(Phase.OPEN)) {
      opened = bench.source.open(turn);
    }
    measurer = opened;
    part.opened(opened.facts(), Seconds.since(begin));
    var cooled = bench.coolDown.await(opened::telemetry, bench.cancellation());
    part.cooled(Seconds.of(cooled.waitedNanos()));
    part.recorded(opened.record(Recorder.EVERY_NANOS_IN_WARMUP, false));
    long beginPreparing = System.nanoTime();
    Measurer.Prepared prepared;
    try (Mark _ = phases.begin(Phase.PREPARE)) {
      prepared = opened.prepare(run.workload(), run.mode(), run.values(), bench.facts);
    } catch (EngineException | WorkerException e) {
      if (!isAbsent(e)) {
        throw e;
      }
      part.lacks(e);
      return;
    }
    String wrong;
    try (Mark _ = phases.begin(Phase.VERIFY)) {
      wrong = bench.wrongAnswer(run, opened);
    }
    part.prepared(prepared, Seconds.since(beginPreparing), opened.telemetry());
    if (wrong != null) {
      part.end(new Outcome.Incorrect(wrong));
    }
  }

  private static boolean isAbsent(BenchException cause) {
    return switch (cause) {
      case WorkerException worker -> worker.kind() == WorkerException.Kind.ABSENT;
      case EngineException engine -> engine.kind() == EngineException.Kind.ABSENT;
      default -> false;
    };
  }

  /**
   * What is to measure, once; its samples are streamed to the store.
   *
   * @param progress looks on as well
   * @throws io.gpubench.measure.StoreException when the store does not take them
   */
  public Measurement measurement(Observer progress) {
    Observer file =
        bench
            .writer()
            .begin(turn.run().id(), turn.repetition(), part.paired(), bench.cancellation());
    var watch =
        new Watch(
            opened(),
            Workbench.inputs(turn.run(), Objects.requireNonNull(part.prepared())),
            SECRET);
    part.watchedBy(watch);
    var measurement =
        new Measurement(
            watch,
            turn.run().stoppingRule(),
            Observer.all(file, progress),
            bench.cancellation(),
            Timer.Clock.SYSTEM,
            new SensorDesk(opened()),
            phases);
    part.measuredBy(measurement);
    workedBefore = ProcessorTime.of(opened().facts().pid());
    return measurement;
  }

  /** Measures by the run's own rule. */
  void measure(Observer progress) {
    Measurement measurement = measurement(progress);
    attempt(() -> ended(measurement.run()));
  }

  /** It measured; whether that can be believed is judged here. */
  public void ended(Measurement.Result result) {
    attempt(() -> {
      OptionalLong worked = ProcessorTime.of(opened().facts().pid());
      if (worked.isPresent() && workedBefore.isPresent()) {
        part.worked(Seconds.of(worked.getAsLong() - workedBefore.getAsLong()));
      }
      part.measured(result);
      part.end(part.judge());
      recordLast(opened());
      part.after(opened().telemetry());
    });
  }

  /** Its engine or process failed while it measured. */
  public void failed(BenchException cause) {
    part.failed(cause);
  }

  /** It ends for another reason, unless something ended it before; having measured is no reason. */
  public void end(Outcome how) {
    part.end(how);
  }

  /** How it ended; null when it has not. */
  public @Nullable Outcome outcome() {
    return part.outcome();
  }

  /** Whether it was skipped because the engine has not what the run asks for. */
  public boolean absent() {
    return part.absent();
  }

  /** Of the samples that count; null when there are none. */
  public @Nullable Statistics statistics() {
    return part.statistics();
  }

  /** Closes the measurer, if it was opened. */
  @Override
  public void close() {
    Measurer opened = measurer;
    measurer = null;
    if (opened != null) {
      if (!recordedLast) {
        try {
          recordLast(opened);
        } catch (BenchException _) {
          // what failed before has more to say
        }
      }
      try (Mark _ = phases.begin(Phase.CLOSE)) {
        attempt(opened::close);
      }
    }
  }

  private void recordLast(Measurer from) {
    recordedLast = true;
    part.recorded(from.record(Recorder.EVERY_NANOS, true));
  }

  /**
   * Adds what it measured to the record of its run, and gives that to the store.
   *
   * @throws io.gpubench.measure.StoreException when the store does not take it
   */
  public ResultRecord record() {
    Recorded recorded = part.telemetry();
    draft.add(part, recorded);
    ResultRecord record = draft.build();
    bench.writer().append(record, turn.repetition(), part.kept(), recorded);
    return record;
  }

  private Measurer opened() {
    if (measurer == null) {
      throw new IllegalStateException("nothing is open");
    }
    return measurer;
  }

  /** Fetches what was recorded of the sensors, now and then. */
  private final class SensorDesk implements Instruments {
    private static final long FETCH_NANOS = 1_000_000_000;

    private final Measurer measurer;
    private long fetchedAt = System.nanoTime();

    SensorDesk(Measurer measurer) {
      this.measurer = measurer;
    }

    @Override
    public Telemetry read() {
      return measurer.telemetry();
    }

    @Override
    public void measuring() {
      fetch();
    }

    @Override
    public void between() {
      if (System.nanoTime() - fetchedAt >= FETCH_NANOS) {
        fetch();
      }
    }

    private void fetch() {
      part.recorded(measurer.record(Recorder.EVERY_NANOS, false));
      fetchedAt = System.nanoTime();
    }
  }

  private boolean attempt(Runnable step) {
    try {
      step.run();
      return true;
    } catch (EngineException | WorkerException e) {
      if (bench.cancelled()
          && e instanceof WorkerException worker
          && worker.kind() == WorkerException.Kind.TIMEOUT) {
        part.end(new Outcome.Skipped("stopped on request, and did not end by itself"));
      } else {
        // a device that failed fails in closing again, which says nothing new
        part.failed(e);
      }
    } catch (OutOfMemoryError e) {
      part.failed(new EngineException("out of memory: " + e.getMessage()));
    }
    return false;
  }
}
