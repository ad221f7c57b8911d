// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.Turn;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows on stderr how a suite gets on. */
final class Progress implements SuiteListener, AutoCloseable {
  private final ProgressBar bar;

  Progress(PrintWriter err, boolean bar, List<Turn> turns) {
    this.bar = new ProgressBar(err, bar, turns.stream().map(turn -> turn.run().budget()).toList());
  }

  @Override
  public Observer started(Turn turn, int index, int total) {
    PlannedRun run = turn.run();
    bar.begin(
        index,
        "%s on %s (%s) %s%s"
            .formatted(
                run.workload().id(),
                run.engine(),
                run.mode(),
                run.values(),
                run.repetitions() == 1 ? "" : ", process " + turn.repetition()));
    if (!bar.drawn()) {
      return Observer.NONE;
    }
    bar.draw(title(run), 0, "preparing");
    return (phase, samples, elapsedNanos) ->
        bar.draw(
            title(run),
            share(run.stoppingRule(), phase, samples, elapsedNanos),
            doing(phase, samples));
  }

  /** What is going on, in two words. */
  static String doing(Observer.Phase phase, Samples samples) {
    return phase == Observer.Phase.WARMUP
        ? "warming up"
        : String.format(Locale.ROOT, "%,d samples", samples.count());
  }

  @Override
  public void ended(Turn turn, ResultRecord record) {
    bar.end();
    ProcessPart part = record.processes().getLast();
    if (part.reason() != null) {
      bar.say("%s: %s".formatted(part.outcome(), part.reason()));
    }
  }

  @Override
  public void leftOut(Turn turn) {
    bar.log("      left out: %s, process %d".formatted(title(turn.run()), turn.repetition()));
  }

  /** Clears the bar, also when a run ended by an exception. */
  @Override
  public void close() {
    bar.clear();
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
}
