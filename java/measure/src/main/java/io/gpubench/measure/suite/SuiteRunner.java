// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs planned runs one after the other and appends a record for each, whatever becomes of it. Owns
 * nothing: its caller closes sessions and writer. Used by one thread.
 */
public final class SuiteRunner {
  private final Map<String, Session> sessions;
  private final RunWriter writer;
  private final MachineFacts facts;
  private final Cancellation cancellation;
  private final SuiteListener listener;
  private final Timer timer;

  /**
   * A runner.
   *
   * @param sessions an open one for each engine that a plan uses, by the engine's id
   */
  public SuiteRunner(
      Map<String, Session> sessions,
      RunWriter writer,
      MachineFacts facts,
      Cancellation cancellation,
      SuiteListener listener) {
    this(sessions, writer, facts, cancellation, listener, Timer.measure(Timer.Clock.SYSTEM));
  }

  SuiteRunner(
      Map<String, Session> sessions,
      RunWriter writer,
      MachineFacts facts,
      Cancellation cancellation,
      SuiteListener listener,
      Timer timer) {
    this.sessions = Map.copyOf(sessions);
    this.writer = writer;
    this.facts = facts;
    this.cancellation = cancellation;
    this.listener = listener;
    this.timer = timer;
  }

  /**
   * Runs the plan to its end, or until the cancellation is requested, and finishes the run
   * directory.
   *
   * @return the finished document
   * @throws StoreException when the store fails; what was measured is in {@link
   *     RunWriter#document()}
   */
  public RunDocument run(List<PlannedRun> plan) {
    long begin = System.nanoTime();
    try {
      for (int i = 0; i < plan.size() && !cancellation.requested(); i++) {
        Observer progress = listener.started(plan.get(i), i, plan.size());
        listener.ended(runOne(plan.get(i), progress));
      }
      boolean whole =
          writer.document().records().size() == plan.size() && !cancellation.requested();
      writer.finish(
          whole ? RunDocument.COMPLETE : RunDocument.INTERRUPTED,
          whole ? null : "stopped on request",
          now(),
          seconds(begin));
    } catch (StoreException e) {
      try {
        writer.finish(RunDocument.FAILED, e.getMessage(), now(), seconds(begin));
      } catch (StoreException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return writer.document();
  }

  private ResultRecord runOne(PlannedRun planned, Observer progress) {
    Session session = sessions.get(planned.engine());
    if (session == null) {
      throw new IllegalStateException("no session of engine " + planned.engine());
    }
    var draft = new RecordDraft(planned, session, timer, now());
    long begin = System.nanoTime();
    Outcome outcome = null;
    Samples samples = null;
    try (PreparedRun prepared =
        session.prepare(planned.workload(), planned.path(), planned.values(), facts)) {
      draft.prepared(prepared, seconds(begin));
      Observer file = writer.begin(planned.id(), cancellation);
      var loop =
          new SampleLoop(
              prepared, planned.stoppingRule(), Observer.all(file, progress), cancellation);
      samples = loop.samples();
      outcome = sample(draft, loop, session.physicalOperationsPerSecond());
    } catch (EngineException e) {
      // a device that failed fails in closing again, which says nothing new
      if (outcome == null || outcome instanceof Outcome.Measured) {
        outcome = failed(e);
      }
    } catch (OutOfMemoryError e) {
      outcome = new Outcome.Failed("out of memory: " + e.getMessage());
    }
    return append(draft.build(outcome), samples);
  }

  private static Outcome sample(
      RecordDraft draft, SampleLoop loop, double physicalOperationsPerSecond) {
    Samples samples = loop.samples();
    try {
      SampleLoop.Result result = loop.run();
      draft.sampled(result);
      if (result.mismatch() != null) {
        return new Outcome.Incorrect(result.mismatch());
      }
      draft.statistics(samples);
      return draft.judge(physicalOperationsPerSecond);
    } catch (EngineException e) {
      draft.statistics(samples);
      return failed(e);
    }
  }

  private static Outcome failed(EngineException failure) {
    return new Outcome.Failed(String.valueOf(failure.getMessage()));
  }

  private ResultRecord append(ResultRecord result, @Nullable Samples samples) {
    if (samples == null || result.sampleCount() == 0) {
      writer.append(result);
    } else {
      writer.append(result, samples);
    }
    return result;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static double seconds(long sinceNanos) {
    return RecordDraft.seconds(System.nanoTime() - sinceNanos);
  }
}
