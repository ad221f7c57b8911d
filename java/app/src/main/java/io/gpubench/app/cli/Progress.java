// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.Figures;
import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.suite.SuiteListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Shows on stderr how a suite gets on: on a terminal one line that is drawn again, with a bar and
 * the time left at most; in a log one line when a run begins and one when it ends.
 */
final class Progress implements SuiteListener {
  private static final int BAR = 24;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean bar;
  private final List<PlannedRun> plan;
  private long startedNanos;

  Progress(PrintWriter err, boolean bar, List<PlannedRun> plan) {
    this.err = err;
    this.bar = bar;
    this.plan = List.copyOf(plan);
  }

  @Override
  public Observer started(PlannedRun run, int index, int total) {
    String title = "[%d/%d] %s %s".formatted(index + 1, total, run.workload().id(), run.values());
    if (!bar) {
      err.println(title + ", at most " + Figures.clock(seconds(run.budget())));
      err.flush();
      return Observer.NONE;
    }
    startedNanos = System.nanoTime();
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
  public void ended(ResultRecord result) {
    if (bar) {
      err.print(CLEAR);
    }
    Statistics times = result.statistics();
    String median = "";
    if (times != null) {
      TimeUnit unit = TimeUnit.fitting(times.median());
      median = ", median " + unit.of(times.median()) + " " + unit.symbol;
    }
    if (!bar || result.reason() != null) {
      err.println(
          "      %s%s, %,d samples in %.1f s%s"
              .formatted(
                  result.outcome(),
                  median,
                  result.sampleCount(),
                  result.measureSeconds(),
                  result.reason() == null ? "" : ": " + result.reason()));
    }
    err.flush();
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
    // the rest of this run as it has gone so far, the others as their budgets say; never more than
    // the budget
    double budget = seconds(run.budget());
    double spent = (System.nanoTime() - startedNanos) / 1e9;
    double left = share > 0.02 ? Math.min(budget, spent / share * (1 - share)) : budget;
    double finished = index + share;
    for (int i = index + 1; i < plan.size(); i++) {
      left += Math.min(seconds(plan.get(i).budget()), share > 0.02 ? spent / share : budget);
    }
    int filled = (int) (BAR * finished / plan.size());
    err.print(
        "%s[%s%s] %d/%d %s, %s, about %s left"
            .formatted(
                CLEAR,
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                index + 1,
                plan.size(),
                run.id(),
                doing,
                Figures.clock(left)));
    err.flush();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
