// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.duet.Duet;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.duet.Side;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Replanner;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.StoppingRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What a stored run planned, to be planned again. Every run has to get the id that it had: then it
 * is the same workload, engine, path and values, the seed of its inputs among them.
 *
 * @param file its {@code run.json}, for messages
 */
record ReplayPlan(RunDocument original, Path file) {

  /** Whether it was to compare two sides. */
  boolean duets() {
    return original.duets() != null;
  }

  /**
   * Finds out whether it says enough.
   *
   * @throws ConfigException when it does not
   */
  void check() {
    original.planned().forEach(this::effort);
    if (original.planned().isEmpty()) {
      throw new Place.InFile(file, 0, "").error("nothing was planned");
    }
    if (duets() && comparisons().isEmpty()) {
      throw new Place.InFile(file, 0, "")
          .error(
              "duets that were cut off before their first ended; how they were to be played is not known; "
                  + commandLine());
    }
  }

  /**
   * Plans it again.
   *
   * @throws ConfigException when this version would plan something else, or it does not fit into
   *     the memory of this machine
   */
  Task task(Replanner replanner) {
    var ids = new HashSet<String>();
    var runs = new ArrayList<PlannedRun>();
    for (int i = 0; i < original.planned().size(); i++) {
      RunDocument.Planned planned = original.planned().get(i);
      PlannedRun run = replanner.plan(planned, effort(planned), place(i));
      String id = duets() ? DuetPlan.id(run.id(), side(i)) : run.id();
      if (!id.equals(planned.id())) {
        throw Replanner.differs(
            place(i), "its id is %s, and here it is %s".formatted(planned.id(), id));
      }
      if (!ids.add(id)) {
        throw place(i).error(id + " is planned a second time");
      }
      runs.add(run.withId(id));
    }
    Long seed = original.conditions().orderSeed();
    if (!duets()) {
      return new Task.Suite(List.copyOf(runs), seed);
    }
    if (seed == null || runs.size() % 2 != 0) {
      throw new Place.InFile(file, 0, "")
          .error(seed == null ? "duets without a seed of their roles" : "duets with one side");
    }
    var plans = new ArrayList<DuetPlan>();
    for (int i = 0; i < runs.size(); i += 2) {
      plans.add(duet(i, runs.get(i), runs.get(i + 1)));
    }
    return new Task.Duets(List.copyOf(plans), seed);
  }

  private DuetPlan duet(int index, PlannedRun a, PlannedRun b) {
    DuetComparison like = comparisons().getFirst(); // a run names its sides once
    StoppingRule stop = a.stoppingRule();
    Duet.Rule rule;
    try {
      rule =
          new Duet.Rule(
              stop.minSamples(),
              Math.round(like.sliceSeconds() * 1e9),
              stop.minNanos(),
              stop.maxNanos());
    } catch (IllegalArgumentException e) {
      throw place(index).error("no rule for duets: " + e.getMessage(), e);
    }
    if (rule.room() != stop.maxSamples()
        || !stop.equals(b.stoppingRule())
        || a.repetitions() != b.repetitions()) {
      throw Replanner.differs(place(index), "a duet would have room for other numbers of samples");
    }
    TrialRule trial = like.trial() == null ? null : TrialRule.of(like.trial());
    return new DuetPlan(
        new DuetPlan.Player(like.a().name(), a),
        new DuetPlan.Player(like.b().name(), b),
        trial == null ? a.repetitions() : trial.most(),
        rule,
        trial);
  }

  private List<DuetComparison> comparisons() {
    List<DuetComparison> all = original.duets();
    return all == null ? List.of() : all;
  }

  private RunDocument.Effort effort(RunDocument.Planned planned) {
    RunDocument.Effort effort = planned.effort();
    if (effort == null) {
      throw new Place.InFile(file, 0, "")
          .error(
              "does not say how thoroughly it was planned, since it was made before gpubench wrote that down; "
                  + commandLine());
    }
    return effort;
  }

  private static Side side(int index) {
    return index % 2 == 0 ? Side.A : Side.B;
  }

  private Place place(int index) {
    return new Place.InFile(file, 0, "planned[" + index + "]");
  }

  private String commandLine() {
    return "to repeat it as nearly as today's configuration allows: gpubench "
        + ShellWords.quoted(original.argv());
  }
}
