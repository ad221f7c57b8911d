// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Watch;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the repetitions of a run share: where measurers come from and results go, the records as
 * they grow, and the right answers, each computed once. Owns nothing: its caller closes the writer.
 * Used by one thread, but for the start of two repetitions at a time.
 */
public final class Workbench {
  /** Samples whose answers are compared with the oracle's before any time is taken. */
  private static final long[] FIRST_SAMPLES = {0, 1};

  final Source source;
  final MachineFacts facts;
  final CoolDown coolDown;
  private final RunWriter writer;
  private final Cancellation cancellation;
  private final Epilogue epilogue;
  private final boolean apart;
  private final Map<String, RecordDraft> drafts = new HashMap<>();
  private final Map<String, long[]> answers = new HashMap<>();

  /** Where measurers come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * A measurer for one repetition, which closes it.
     *
     * @throws BenchException when there is none
     */
    Measurer open(Turn turn);
  }

  /** What is done between the last sample of a run and its end. */
  @FunctionalInterface
  public interface Epilogue {
    /** Nothing. */
    Epilogue NONE = _ -> {};

    /**
     * Does it, within the time of the run.
     *
     * @param writer has all records
     */
    void complete(RunWriter writer);
  }

  /**
   * Sets it up.
   *
   * @param coolDown awaited before each repetition
   * @param cancellation ends a repetition after the sample in progress
   * @param epilogue is called once, when everything was measured or that was ended on request
   * @param apart whether measurers are processes of their own, so that several can be opened and
   *     prepared at a time
   */
  public Workbench(
      Source source,
      RunWriter writer,
      MachineFacts facts,
      CoolDown coolDown,
      Cancellation cancellation,
      Epilogue epilogue,
      boolean apart) {
    this.source = source;
    this.writer = writer;
    this.facts = facts;
    this.coolDown = coolDown;
    this.cancellation = cancellation;
    this.epilogue = epilogue;
    this.apart = apart;
  }

  /** One whose runs end with their last sample, and whose measurers are opened one by one. */
  public Workbench(
      Source source,
      RunWriter writer,
      MachineFacts facts,
      CoolDown coolDown,
      Cancellation cancellation) {
    this(source, writer, facts, coolDown, cancellation, Epilogue.NONE, false);
  }

  /** A repetition that has not begun. */
  public Repetition repetition(Turn turn) {
    return new Repetition(this, turn, draft(turn.run()));
  }

  RecordDraft draft(PlannedRun run) {
    return drafts.computeIfAbsent(run.id(), _ -> new RecordDraft(run));
  }

  /** Whether two repetitions can start at a time: a device that cools down has to be left alone. */
  public boolean startsTogether() {
    return apart && coolDown instanceof CoolDown.None;
  }

  /** Where results go. */
  public RunWriter writer() {
    return writer;
  }

  public Cancellation cancellation() {
    return cancellation;
  }

  /** Whether somebody asked for the end. */
  public boolean cancelled() {
    return cancellation.requested();
  }

  /**
   * Does the work of a run and finishes its directory; a bug leaves it unfinished.
   *
   * @param work whether it did everything that was planned
   * @return the finished document
   * @throws StoreException when the store fails; what was measured is in {@link
   *     RunWriter#document()}
   */
  public RunDocument run(BooleanSupplier work) {
    long begin = System.nanoTime();
    try {
      boolean whole = work.getAsBoolean() && !cancelled();
      epilogue.complete(writer);
      writer.finish(
          whole ? RunDocument.COMPLETE : RunDocument.INTERRUPTED,
          whole ? null : "stopped on request",
          now(),
          Seconds.since(begin));
    } catch (StoreException e) {
      try {
        // does nothing where the run has ended and only its seal is missing
        writer.finish(RunDocument.FAILED, e.getMessage(), now(), Seconds.since(begin));
      } catch (StoreException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return writer.document();
  }

  /** Compares the answers to the first inputs with the oracle's; null when they are right. */
  @Nullable String wrongAnswer(PlannedRun run, Measurer measurer) {
    long[] right = rightAnswers(run);
    long[] found = measurer.digests(FIRST_SAMPLES);
    for (int i = 0; i < right.length; i++) {
      if (found[i] != right[i]) {
        return "sample %d: the answer's digest is %s, expected %s"
            .formatted(FIRST_SAMPLES[i], AnswerDigest.text(found[i]), AnswerDigest.text(right[i]));
      }
    }
    return null;
  }

  private synchronized long[] rightAnswers(PlannedRun run) {
    return answers.computeIfAbsent(
        run.workload().id() + " " + run.values(),
        _ -> {
          long[] made = new long[FIRST_SAMPLES.length];
          for (int i = 0; i < made.length; i++) {
            made[i] = run.workload().answerDigest(run.values(), FIRST_SAMPLES[i]);
          }
          return made;
        });
  }

  /** The inputs of a prepared run, whose answers may be asked for at any time. */
  static Watch.Inputs inputs(PlannedRun run, Measurer.Prepared prepared) {
    return new Watch.Inputs(
        prepared.inputs(), sample -> run.workload().answerDigest(run.values(), sample));
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
