// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.Figures;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.Turn;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Shows on stderr how a suite gets on: on a terminal one line that is drawn again, with a bar and
 * the time left at most; in a log one line when a process begins. What goes wrong is a line in
 * both.
 */
final class Progress implements SuiteListener, AutoCloseable {
  private static final int BAR = 16;

  /** A longer line would wrap on the usual terminal, and then not be drawn over. */
  private static final int WIDTH = 79;

  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean bar;
  private final List<Turn> turns;
  private long startedNanos;
  private long finishedNanos;

  Progress(PrintWriter err, boolean bar, List<Turn> turns) {
    this.err = err;
    this.bar = bar;
    this.turns = List.copyOf(turns);
  }

  @Override
  public Observer started(Turn turn, int index, int total) {
    startedNanos = System.nanoTime();
    PlannedRun run = turn.run();
    if (!bar) {
      err.println(
          "[%d/%d] %s on %s (%s) %s%s, at most %s"
              .formatted(
                  index + 1,
                  total,
                  run.workload().id(),
                  run.engine(),
                  run.path(),
                  run.values(),
                  run.repetitions() == 1 ? "" : ", process " + turn.repetition(),
                  Figures.clock(seconds(run.budget()))));
      err.flush();
      return Observer.NONE;
    }
    draw(run, index, 0, "preparing");
    return (phase, samples, elapsedNanos) -> {
      double share = share(run.stoppingRule(), phase, samples, elapsedNanos);
      String doing =
          phase == Observer.Phase.WARMUP
              ? "warming up"
              : String.format(Locale.ROOT, "%,d samples", samples.count());
      draw(run, index, share, doing);
    };
  }

  @Override
  public void ended(Turn turn, ResultRecord record) {
    close();
    finishedNanos += System.nanoTime() - startedNanos;
    ProcessPart part = record.processes().getLast();
    if (part.reason() != null) {
      err.println("      %s: %s".formatted(part.outcome(), part.reason()));
      err.flush();
    }
  }

  @Override
  public void leftOut(Turn turn) {
    if (!bar) {
      err.println("      left out: %s, process %d".formatted(title(turn.run()), turn.repetition()));
      err.flush();
    }
  }

  /** Clears the bar, also when a run ended by an exception. */
  @Override
  public void close() {
    if (bar) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private static String title(PlannedRun run) {
    return run.workload().id() + " " + run.values();
  }

  /** How much of a run's time is over, from 0 to 1. */
  private static double share(
      StoppingRule rule, Observer.Phase phase, Samples samples, long elapsedNanos) {
    double warmup = rule.maxWarmupNanos();
    double most = rule.maxNanos();
    double whole = warmup + most;
    if (phase == Observer.Phase.WARMUP) {
      return Math.min(warmup, (double) elapsedNanos) / whole;
    }
    double byTime = elapsedNanos / most;
    double byCount = (double) samples.count() / rule.maxSamples();
    return (warmup + Math.min(1, Math.max(byTime, byCount)) * most) / whole;
  }

  private void draw(PlannedRun run, int index, double share, String doing) {
    // a run takes as long as those before it did; the first one, as it has gone so far
    double spent = seconds(System.nanoTime() - startedNanos);
    double usual =
        index > 0
            ? seconds(finishedNanos) / index
            : share > 0.02 ? spent / share : Double.POSITIVE_INFINITY;
    double left = Math.max(0, Math.min(usual, seconds(run.budget())) - spent);
    for (int i = index + 1; i < turns.size(); i++) {
      left += Math.min(usual, seconds(turns.get(i).run().budget()));
    }
    double finished = index + share;
    int filled = (int) (BAR * finished / turns.size());
    String line =
        "[%s%s] %d/%d ~%s left, %s, %s"
            .formatted(
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                index + 1,
                turns.size(),
                Figures.clock(left),
                doing,
                title(run));
    err.print(CLEAR + (line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…"));
    err.flush();
  }

  private static double seconds(Duration duration) {
    return seconds(duration.toNanos());
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
