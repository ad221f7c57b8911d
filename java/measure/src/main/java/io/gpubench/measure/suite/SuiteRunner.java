// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.worker.WorkerException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives each turn of a suite to a measurer, one after the other, and keeps what becomes of it,
 * whatever that is. A run of which a process failed or gave a wrong answer is not repeated; the
 * suite goes on. Owns nothing but the measurers it opens: its caller closes the writer. Used by one
 * thread.
 */
public final class SuiteRunner {
  /** Samples whose answers are compared with the oracle's before any time is taken. */
  private static final long[] FIRST_SAMPLES = {0, 1};

  private final Source source;
  private final RunWriter writer;
  private final MachineFacts facts;
  private final CoolDown coolDown;
  private final Cancellation cancellation;
  private final SuiteListener listener;
  private final Map<String, RecordDraft> drafts = new HashMap<>();
  private final Map<String, long[]> answers = new HashMap<>();

  /** Where measurers come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * A measurer for one repetition of a run; the runner closes it.
     *
     * @throws BenchException when there is none
     */
    Measurer open(PlannedRun run);
  }

  public SuiteRunner(
      Source source,
      RunWriter writer,
      MachineFacts facts,
      CoolDown coolDown,
      Cancellation cancellation,
      SuiteListener listener) {
    this.source = source;
    this.writer = writer;
    this.facts = facts;
    this.coolDown = coolDown;
    this.cancellation = cancellation;
    this.listener = listener;
  }

  /**
   * Takes all turns, or as many as come before the cancellation is requested, and finishes the run
   * directory.
   *
   * @return the finished document
   * @throws StoreException when the store fails; what was measured is in {@link
   *     RunWriter#document()}
   */
  public RunDocument run(List<Turn> turns) {
    long begin = System.nanoTime();
    try {
      int taken = 0;
      for (; taken < turns.size() && !cancellation.requested(); taken++) {
        Turn turn = turns.get(taken);
        RecordDraft draft =
            drafts.computeIfAbsent(turn.run().id(), _ -> new RecordDraft(turn.run()));
        if (draft.hopeless()) {
          listener.leftOut(turn);
        } else {
          Observer progress = listener.started(turn, taken, turns.size());
          listener.ended(turn, take(turn, draft, progress));
        }
      }
      boolean whole = taken == turns.size() && !cancellation.requested();
      writer.finish(
          whole ? RunDocument.COMPLETE : RunDocument.INTERRUPTED,
          whole ? null : "stopped on request",
          now(),
          Seconds.since(begin));
    } catch (StoreException e) {
      try {
        writer.finish(RunDocument.FAILED, e.getMessage(), now(), Seconds.since(begin));
      } catch (StoreException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return writer.document();
  }

  private ResultRecord take(Turn turn, RecordDraft draft, Observer progress) {
    var part = new PartDraft(turn.run().id(), turn.repetition(), now());
    long begin = System.nanoTime();
    try (Measurer measurer = source.open(turn.run())) {
      part.opened(measurer.facts(), Seconds.since(begin));
      part.cooled(Seconds.of(coolDown.await(measurer::telemetry, cancellation).waitedNanos()));
      measure(turn, part, measurer, progress);
    } catch (EngineException | WorkerException e) {
      // a device that failed fails in closing again, which says nothing new
      part.failed(e);
    } catch (OutOfMemoryError e) {
      part.failed(new EngineException("out of memory: " + e.getMessage()));
    }
    draft.add(part);
    ResultRecord record = draft.build();
    writer.append(record, turn.repetition(), part.kept());
    return record;
  }

  private void measure(Turn turn, PartDraft part, Measurer measurer, Observer progress) {
    PlannedRun run = turn.run();
    long begin = System.nanoTime();
    Measurer.Prepared prepared = measurer.prepare(run.workload(), run.path(), run.values(), facts);
    String wrong = wrongAnswer(run, measurer);
    part.prepared(prepared, Seconds.since(begin), measurer.telemetry());
    if (wrong != null) {
      part.end(new Outcome.Incorrect(wrong));
      return;
    }
    Observer file = writer.begin(run.id(), turn.repetition(), cancellation);
    var measurement =
        new Measurement(measurer, run.stoppingRule(), Observer.all(file, progress), cancellation);
    part.samplesIn(measurement.samples());
    Measurement.Result result = measurement.run();
    part.measured(result, measurer.telemetry());
    part.end(part.judge());
  }

  /** Compares the answers to the first inputs with the oracle's; null when they are right. */
  private @Nullable String wrongAnswer(PlannedRun run, Measurer measurer) {
    long[] right =
        answers.computeIfAbsent(
            run.workload().id() + " " + run.values(),
            _ -> {
              long[] made = new long[FIRST_SAMPLES.length];
              for (int i = 0; i < made.length; i++) {
                made[i] = run.workload().answerDigest(run.values(), FIRST_SAMPLES[i]);
              }
              return made;
            });
    long[] found = measurer.digests(FIRST_SAMPLES);
    for (int i = 0; i < right.length; i++) {
      if (found[i] != right[i]) {
        return "sample %d: the answer's digest is %s, expected %s"
            .formatted(FIRST_SAMPLES[i], AnswerDigest.text(found[i]), AnswerDigest.text(right[i]));
      }
    }
    return null;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
