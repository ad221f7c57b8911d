// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Planner;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From two sides to what is compared with what: for each combination of the values of the
 * parameters that neither side sets, one comparison. Pure.
 *
 * @param workloads all that there are, by id
 * @param facts of this machine; two processes share its memory
 * @param settings of both sides
 * @param duets how many; with a rule of the trial, the fewest
 * @param samples wanted of each side in a duet; null for the profile's fewest
 * @param trial until it is decided by this rule; null for {@code duets}
 * @param others more sides of the same comparison, each with every engine that may turn out to be
 *     its own: all sides are timed by one clock
 */
record DuetPlanner(
    Map<String, Workload> workloads,
    MachineFacts facts,
    Profile profile,
    List<Setting> settings,
    @Nullable Long seed,
    int duets,
    @Nullable Long samples,
    Duration slice,
    @Nullable TrialRule trial,
    List<Party> others) {
  private static final Pattern INSTRUMENTS =
      Pattern.compile("(ceiling|launch|synthesis)\\.|(utilization|migration)$");

  /** The same, as one pair of more sides. */
  DuetPlanner among(List<Party> more) {
    return new DuetPlanner(
        workloads, facts, profile, settings, seed, duets, samples, slice, trial, more);
  }

  /** A side with its engine. */
  record Party(DuetSide side, Engine engine) {}

  /**
   * Plans all comparisons; together they take the profile's budget at most, or with a rule of the
   * trial that where it decides at its first look.
   *
   * @param named ids of the workloads; empty for all that both engines can run
   * @throws ConfigException when something does not fit, with what and where it was written
   */
  List<DuetPlan> plan(Party a, Party b, List<String> named) {
    List<String> measured = named.isEmpty() ? common(a.engine(), b.engine()) : named;
    var clocks = new HashMap<String, @Nullable String>();
    for (String workload : measured) {
      clocks.put(workload, commonClock(a, b, workload));
    }
    List<PlannedRun> runsOfA = runs(a, measured, clocks);
    List<PlannedRun> runsOfB = runs(b, measured, clocks);
    check(a, runsOfA, b);
    check(b, runsOfB, a);
    checkSlowdown(a, runsOfA);
    checkSlowdown(b, runsOfB);
    if (runsOfA.size() != runsOfB.size()) {
      throw new IllegalStateException(runsOfA + " against " + runsOfB);
    }
    var effort =
        new DuetPlan.Effort(
            duets,
            samples,
            slice,
            profile.budget().dividedBy((long) runsOfA.size() * duets),
            profile,
            trial);
    var plans = new ArrayList<DuetPlan>();
    for (int i = 0; i < runsOfA.size(); i++) {
      Clock clockOfA = runsOfA.get(i).mode().clock();
      Clock clockOfB = runsOfB.get(i).mode().clock();
      if (clockOfA != clockOfB) {
        throw b.side()
            .place()
            .error(
                "%s is timed by the clock '%s', and the other side by '%s': that does not compare"
                    .formatted(runsOfB.get(i).workload().id(), clockOfB.word(), clockOfA.word()));
      }
      plans.add(
          DuetPlan.of(
              new DuetPlan.Player(a.side().text(), runsOfA.get(i)),
              new DuetPlan.Player(b.side().text(), runsOfB.get(i)),
              effort));
    }
    return plans;
  }

  /** What nobody names: every workload of both but those that measure the machine itself. */
  private List<String> common(Engine a, Engine b) {
    List<String> both =
        workloads.keySet().stream()
            .filter(id -> !INSTRUMENTS.matcher(id).lookingAt())
            .filter(id -> !a.paths(id).isEmpty() && !b.paths(id).isEmpty())
            .toList();
    if (both.isEmpty()) {
      throw new ConfigException(
          "there is no workload that both %s and %s can run".formatted(a.id(), b.id()));
    }
    return both;
  }

  /** The first clock of A that every side has and none forbids; null where there is none. */
  private @Nullable String commonClock(Party a, Party b, String workload) {
    List<Party> rest =
        Stream.concat(Stream.of(b), others.stream())
            .filter(party -> !party.engine().paths(workload).isEmpty())
            .toList();
    return clocks(a, workload).stream()
        .filter(clock -> rest.stream().allMatch(party -> clocks(party, workload).contains(clock)))
        .findFirst()
        .orElse(null);
  }

  /** The clocks that can time a workload on a side, or the one that it names. */
  private static List<String> clocks(Party party, String workload) {
    String named = party.side().clock();
    if (named != null) {
      return List.of(named);
    }
    List<String> paths = party.engine().paths(workload);
    String path = party.side().path();
    if (path == null ? paths.isEmpty() : !paths.contains(path)) {
      return List.of();
    }
    return party
        .engine()
        .clocks(workload, Objects.requireNonNullElseGet(path, paths::getFirst))
        .stream()
        .map(Clock::word)
        .toList();
  }

  private List<PlannedRun> runs(
      Party party, List<String> measured, Map<String, @Nullable String> clocks) {
    DuetSide side = party.side();
    side.alsoSetBy(settings, seed)
        .forEach((parameter, option) -> {
          throw side.place().error(parameter + " is set by " + option + " too");
        });
    var overrides = new Overrides(null, null, null, null, null, duets, seed, settings);
    var shared =
        new MachineFacts(
            facts.processors(), facts.availableBytes() / 2, facts.lastLevelCacheBytes());
    return Planner.plan(
            side.suite(party.engine().id(), measured, clocks),
            Catalog.of(workloads.values(), List.of(party.engine())),
            profile,
            shared,
            overrides)
        .runs();
  }

  /** That a side has a single value where it sets one, and where only the other side does. */
  private static void check(Party party, List<PlannedRun> runs, Party other) {
    for (PlannedRun run : runs) {
      Workload workload = run.workload();
      for (String name : run.values().asMap().keySet()) {
        boolean own = party.side().sets(workload.id(), name);
        boolean others = other.side().sets(workload.id(), name);
        if (own && values(runs, workload, name) > 1) {
          throw party
              .side()
              .place()
              .error(workload.id() + "." + name + ": expected one value; several go with --set");
        }
        if (!own && others && values(runs, workload, name) > 1) {
          throw party
              .side()
              .place()
              .error(
                  "%s.%s has %d values here, and the other side sets it; give it one value here too"
                      .formatted(workload.id(), name, values(runs, workload, name)));
        }
      }
    }
  }

  /** That samples can be slowed down where a side asks for that. */
  private static void checkSlowdown(Party party, List<PlannedRun> runs) {
    if (party.side().slowdown() == null) {
      return;
    }
    if (party.engine() instanceof ForeignEngine) {
      throw party
          .side()
          .place()
          .error(
              "slowdown: the engine '%s' is a program of its own, which nobody can slow down; take one of gpubench's own"
                  .formatted(party.engine().id()));
    }
    for (PlannedRun run : runs) {
      try {
        Slowdown.check(run.mode().clock());
      } catch (ConfigException e) {
        throw party.side().place().error(String.valueOf(e.getMessage()), e);
      }
    }
  }

  private static long values(List<PlannedRun> runs, Workload workload, String parameter) {
    return runs.stream()
        .filter(run -> run.workload().id().equals(workload.id()))
        .map(run -> run.values().asMap().get(parameter))
        .distinct()
        .count();
  }
}
