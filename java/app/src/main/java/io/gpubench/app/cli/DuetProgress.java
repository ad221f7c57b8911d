// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.duet.DuetListener;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.run.Observer;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;

/** Shows on stderr how duets get on. */
final class DuetProgress implements DuetListener, AutoCloseable {
  /** Both warm-ups take about as long as the slices. */
  private static final double WARMUP = 0.5;

  private final ProgressBar bar;
  private final int steps;

  DuetProgress(PrintWriter err, boolean bar, List<DuetPlan> plans) {
    this.bar =
        new ProgressBar(
            err,
            bar,
            plans.stream()
                .flatMap(
                    plan -> Collections.nCopies(plan.duets(), plan.a().run().budget()).stream())
                .toList());
    this.steps = plans.stream().mapToInt(DuetPlan::duets).sum();
  }

  @Override
  public Observer started(DuetPlan plan, int number, int index) {
    bar.begin(Math.min(index, steps - 1), title(plan) + ", duet " + number);
    bar.draw(title(plan), 0, "preparing");
    return (phase, samples, _) ->
        bar.draw(
            title(plan),
            phase == Observer.Phase.WARMUP
                ? WARMUP / 2
                : WARMUP
                    + (1 - WARMUP) * Math.min(1, (double) samples.count() / plan.rule().samples()),
            Progress.doing(phase, samples));
  }

  /** {@code consensus validators=1000 …}; of parameters that differ both values. */
  private static String title(DuetPlan plan) {
    PlannedRun a = plan.a().run();
    var text = new StringBuilder(a.workload().id());
    a.values()
        .asMap()
        .forEach((name, value) -> {
          Object other = plan.b().run().values().asMap().get(name);
          text.append(' ').append(name).append('=').append(value);
          text.append(value.equals(other) ? "" : "|" + other);
        });
    return text.toString();
  }

  @Override
  public void ended(DuetPlan plan, DuetComparison.Played duet) {
    bar.end();
    if (duet.reason() != null) {
      bar.say("does not count: " + duet.reason());
    }
  }

  @Override
  public void leftOut(DuetPlan plan, int duets) {
    bar.say("left out: %d more duets of this comparison".formatted(duets));
  }

  /** Clears the bar, also when a run ended by an exception. */
  @Override
  public void close() {
    bar.clear();
  }
}
