// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Planner;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From claims to what has to be measured. Pure: no engine is opened.
 *
 * @param catalog workloads and engines, whether they work here or not
 * @param profile how thoroughly; its budget is for all runs together
 * @param facts of this machine
 * @param processes of each run; null for what the claims and the profile say
 * @param seed of all inputs; null for that of the claims
 */
public record ClaimPlanner(
    Catalog catalog,
    Profile profile,
    MachineFacts facts,
    @Nullable Integer processes,
    @Nullable Long seed) {
  /** Memory so large that only a mistake keeps a run from being planned. */
  private static final long ENOUGH_BYTES = 1L << 56;

  /**
   * Everything that a claim is judged on.
   *
   * @param engine of a claim that names none
   * @throws ConfigException when a name is unknown, a value is not allowed, or an engine cannot do
   *     what is asked; names file, line and key
   */
  public List<ClaimCase> cases(Claim claim, String engine) {
    Workload workload = claim.workload().find("workload", catalog.workloads());
    checkAmount(claim, workload);
    List<Reference> engines =
        claim.engines().isEmpty()
            ? List.of(new Reference(engine, claim.workload().place()))
            : claim.engines();
    var cases = new ArrayList<ClaimCase>();
    for (Reference one : engines) {
      Engine able = one.find("engine", catalog.engines());
      for (@Nullable Reference path : paths(claim, workload, able, engines)) {
        var config =
            new RunConfig(
                claim.workload(), one, path, claim.clock(), claim.cache(), claim.settings());
        for (PlannedRun run : planned(config)) {
          cases.add(
              new ClaimCase(
                  claim,
                  ClaimCase.Side.of(run),
                  claim.baseline() == null
                      ? null
                      : baseline(claim, claim.baseline(), config, run)));
        }
      }
    }
    return cases;
  }

  /** A typing mistake in what is counted is to be found before anything is measured. */
  private static void checkAmount(Claim claim, Workload workload) {
    String amount = claim.metric().amount();
    if (amount == null) {
      return;
    }
    var known = new ArrayList<String>(List.of(workload.unitOfWork()));
    known.addAll(workload.otherUnits());
    if (!known.contains(amount)) {
      throw claim
          .metricPlace()
          .error("%s of %s".formatted(Names.unknown("unit of work", amount, known), workload.id()));
    }
  }

  /** Those of the claim that the engine has; one that no engine of the claim has is a mistake. */
  private List<@Nullable Reference> paths(
      Claim claim, Workload workload, Engine engine, List<Reference> engines) {
    var paths = new ArrayList<@Nullable Reference>();
    if (claim.paths().isEmpty()) {
      paths.add(null);
      return paths;
    }
    for (Reference path : claim.paths()) {
      boolean here = engine.paths(workload.id()).contains(path.name());
      boolean anywhere =
          engines.stream()
              .map(other -> other.find("engine", catalog.engines()))
              .anyMatch(other -> other.paths(workload.id()).contains(path.name()));
      if (here || !anywhere) { // the planner says what is wrong with it
        paths.add(path);
      }
    }
    return paths;
  }

  /** The baseline of one run: its own values where it has some, else those of the run. */
  private ClaimCase.Side baseline(
      Claim claim, Claim.Baseline baseline, RunConfig config, PlannedRun run) {
    Reference own = Objects.requireNonNull(config.engine());
    Reference engine = Objects.requireNonNullElse(baseline.engine(), own);
    boolean same = engine.name().equals(own.name());
    var settings = new ArrayList<Setting>(baseline.settings());
    for (Setting setting : claim.settings()) {
      if (baseline.settings().stream()
          .noneMatch(other -> other.parameter().equals(setting.parameter()))) {
        settings.add(single(setting, run));
      }
    }
    var other =
        new RunConfig(
            claim.workload(),
            engine,
            baseline.path() == null && same ? config.path() : baseline.path(),
            baseline.clock() == null ? config.clock() : baseline.clock(),
            baseline.cache() == null ? config.cache() : baseline.cache(),
            settings);
    List<PlannedRun> runs = planned(other);
    if (runs.size() != 1) {
      throw baseline
          .place()
          .error(
              "expected one value of each parameter, found %d combinations".formatted(runs.size()));
    }
    if (runs.getFirst().id().equals(run.id())) {
      throw baseline.place().error("the baseline is the same as what is compared with it");
    }
    return ClaimCase.Side.of(runs.getFirst());
  }

  private static Setting single(Setting setting, PlannedRun run) {
    Object value = run.values().asMap().get(setting.parameter());
    return new Setting(
        setting.workload(), setting.parameter(), String.valueOf(value), setting.place());
  }

  /** All combinations, whatever memory there is. */
  private List<PlannedRun> planned(RunConfig config) {
    var unbounded = new MachineFacts(facts.processors(), ENOUGH_BYTES, facts.lastLevelCacheBytes());
    return Planner.plan(
            new SuiteConfig("", "", List.of(config)), catalog, spacious(), unbounded, overrides(1))
        .runs();
  }

  /** The profile with time for anything, where only names and values are looked at. */
  private Profile spacious() {
    return with(Duration.ofDays(1), 1, 1);
  }

  private Overrides overrides(int repetitions) {
    return new Overrides(null, null, null, null, null, repetitions, seed, List.of());
  }

  private Profile with(Duration budget, int repetitions, long minSamples) {
    return new Profile(
        profile.name(),
        profile.description(),
        budget,
        repetitions,
        minSamples,
        Math.max(minSamples, profile.maxSamples()),
        profile.relativePrecision(),
        profile.entropy(),
        profile.minMeasuring(),
        profile.minWarmupSamples(),
        profile.minWarmup(),
        profile.minPlace());
  }

  /** How many processes, or duets, measure what a claim needs. */
  public int processes(Claim claim) {
    if (processes != null) {
      return processes;
    }
    return claim.processes() == null
        ? Math.max(profile.repetitions(), claim.fewestProcesses())
        : claim.processes();
  }

  /** How many samples a process takes at least for a claim. */
  public long samples(Claim claim) {
    return claim.minimumSamples() == null
        ? Math.max(profile.minSamples(), claim.fewestSamples())
        : claim.minimumSamples();
  }

  /** A case, and how many processes or duets of how many samples it takes. */
  public record Prospect(ClaimCase of, int processes, long samples) {}

  /**
   * What is measured, and why some of it is not.
   *
   * @param runs each once, whatever number of cases need it; none of relative claims
   * @param leftOut why a case is not measured, in one line
   */
  public record Planned(List<PlannedRun> runs, Map<ClaimCase, String> leftOut) {}

  /**
   * The runs that cases need. What some of them have in common is measured as thoroughly as the
   * most demanding of them asks.
   *
   * @param cases whose engines work; relative ones are passed over
   * @throws ConfigException when the budget cannot hold the fewest samples
   */
  public Planned runs(List<ClaimCase> cases) {
    var needs = new LinkedHashMap<String, Need>();
    for (ClaimCase one : cases) {
      if (one.baseline() == null) {
        var need = new Need(one.own(), processes(one.claim()), samples(one.claim()));
        needs.merge(one.own().key(), need, Need::and);
      }
    }
    long turns = needs.values().stream().mapToLong(Need::processes).sum();
    var runs = new ArrayList<PlannedRun>();
    var unfit = new LinkedHashMap<String, String>();
    for (Need need : needs.values()) {
      Duration share = profile.budget().multipliedBy(need.processes).dividedBy(turns);
      Profile how = with(share, need.processes, need.samples);
      try {
        checkFit(need);
      } catch (ConfigException e) {
        unfit.put(need.side.key(), "it does not fit: " + e.getMessage());
        continue;
      }
      runs.addAll(
          Planner.plan(suite(need.side), catalog, how, facts, overrides(need.processes)).runs());
    }
    var leftOut = new LinkedHashMap<ClaimCase, String>();
    for (ClaimCase one : cases) {
      String why = unfit.get(one.own().key());
      if (why != null && one.baseline() == null) {
        leftOut.put(one, why);
      }
    }
    return new Planned(runs, leftOut);
  }

  /** All but memory has been looked at before. */
  private void checkFit(Need need) {
    Planner.plan(suite(need.side), catalog, spacious(), facts, overrides(1));
  }

  private static SuiteConfig suite(ClaimCase.Side side) {
    var place = new Place.OnCommandLine("");
    List<Setting> settings =
        side.values().asMap().entrySet().stream()
            .map(value ->
                new Setting(
                    side.workload(), value.getKey(), String.valueOf(value.getValue()), place))
            .toList();
    return new SuiteConfig(
        "",
        "",
        List.of(
            new RunConfig(
                new Reference(side.workload(), place),
                new Reference(side.engine(), place),
                new Reference(side.mode().path(), place),
                new Reference(side.mode().clock().word(), place),
                new Reference(side.mode().cache().word(), place),
                settings)));
  }

  private record Need(ClaimCase.Side side, int processes, long samples) {
    Need and(Need other) {
      return new Need(side, Math.max(processes, other.processes), Math.max(samples, other.samples));
    }
  }
}
