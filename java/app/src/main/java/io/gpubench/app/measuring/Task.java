// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.duet.DuetRunner;
import io.gpubench.measure.plan.Plan;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is to be measured, by how many processes and in which order. */
sealed interface Task {
  /** All planned runs in their order, at least one. */
  List<PlannedRun> runs();

  /** Seed of the random order; null when the order is that of the plan. */
  @Nullable Long seed();

  /** What has been compared before it begins, which is nothing; null when nothing will be. */
  @Nullable List<DuetComparison> comparisons();

  /** How much it is, for a person: {@code 4 runs by 6 processes each}. */
  String size();

  /** Upper bound of the time for all of it. */
  Duration budget();

  /**
   * Measures all of it and finishes the run directory.
   *
   * @param listener is told how it gets on
   */
  void measure(Workbench bench, Listener listener);

  /** Runs that have nothing to do with each other. */
  record Suite(List<PlannedRun> runs, @Nullable Long seed) implements Task {
    @Override
    public @Nullable List<DuetComparison> comparisons() {
      return null;
    }

    @Override
    public String size() {
      int repetitions = runs.getFirst().repetitions();
      return runs.size()
          + (runs.size() == 1 ? " run" : " runs")
          + (repetitions == 1 ? "" : " by " + repetitions + " processes each");
    }

    @Override
    public Duration budget() {
      return new Plan(runs).budget();
    }

    @Override
    public void measure(Workbench bench, Listener listener) {
      List<Turn> turns = seed == null ? Turn.inOrder(runs) : Turn.shuffled(runs, seed);
      listener.suite(turns, progress -> new SuiteRunner(bench, progress).run(turns));
    }
  }

  /**
   * Comparisons, of two runs each.
   *
   * @param roleSeed seed of who begins
   */
  record Duets(List<DuetPlan> plans, long roleSeed) implements Task {
    /** By the id of the planned run, where it is measured: the sides differ in these ids. */
    Map<String, Selection> sides(Selection a, Selection b) {
      var sides = new HashMap<String, Selection>();
      for (DuetPlan plan : plans) {
        sides.put(plan.a().run().id(), a);
        sides.put(plan.b().run().id(), b);
      }
      return sides;
    }

    @Override
    public List<PlannedRun> runs() {
      return plans.stream().flatMap(plan -> Stream.of(plan.a().run(), plan.b().run())).toList();
    }

    @Override
    public Long seed() {
      return roleSeed;
    }

    @Override
    public List<DuetComparison> comparisons() {
      return List.of();
    }

    @Override
    public String size() {
      int duets = plans.getFirst().duets();
      TrialRule trial = plans.getFirst().trial();
      return "%d %s by %s%d %s"
          .formatted(
              plans.size(),
              plans.size() == 1 ? "comparison" : "comparisons",
              trial == null ? "" : trial.fewest() + " to ",
              duets,
              duets == 1 ? "duet" : "duets");
    }

    @Override
    public Duration budget() {
      TrialRule trial = plans.getFirst().trial();
      Duration whole =
          plans.stream()
              .map(plan -> plan.a().run().budget().multipliedBy(plan.duets()))
              .reduce(Duration.ZERO, Duration::plus);
      Duration limit = trial == null ? null : trial.maxTime();
      return limit == null || whole.compareTo(limit) < 0 ? whole : limit;
    }

    @Override
    public void measure(Workbench bench, Listener listener) {
      listener.duets(plans, progress -> new DuetRunner(bench, progress, roleSeed).run(plans));
    }
  }
}
