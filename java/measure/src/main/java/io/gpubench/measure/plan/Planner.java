// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From what was asked for to what is going to be measured. Pure: the same input gives the same plan
 * with the same ids; no engine is opened and no file is read.
 */
public final class Planner {
  /** The most runs of one plan. */
  public static final int RUNS_LIMIT = 10_000;

  private final Catalog catalog;
  private final MachineFacts facts;
  private final Overrides overrides;
  private final List<Setting> commandLine;

  private Planner(Catalog catalog, MachineFacts facts, Overrides overrides) {
    this.catalog = catalog;
    this.facts = facts;
    this.overrides = overrides;
    this.commandLine = new ArrayList<>(overrides.settings());
    if (overrides.seed() != null) {
      var place = new Place.OnCommandLine("--seed " + overrides.seed());
      commandLine.add(new Setting(null, "seed", overrides.seed().toString(), place));
    }
  }

  /**
   * Plans a suite: each run of it once for each combination of its parameter values, in the order
   * of the workload's parameters, the last one changing fastest. A combination that appears twice
   * is planned once. Values come from the command line, else from the suite, else from the
   * defaults.
   *
   * @throws ConfigException when a name is unknown, a value is not allowed, an engine cannot do
   *     what is asked, a run does not fit into memory, or there are more than {@link #RUNS_LIMIT}
   *     runs
   */
  public static Plan plan(
      SuiteConfig suite,
      Catalog catalog,
      Profile profile,
      MachineFacts facts,
      Overrides overrides) {
    return new Planner(catalog, facts, overrides).plan(suite, profile);
  }

  private Plan plan(SuiteConfig suite, Profile profile) {
    if (suite.runs().isEmpty()) {
      throw new ConfigException("nothing to plan; name a workload or a suite");
    }
    List<Sweep> sweeps = sweeps(suite);
    long count = 0;
    for (Sweep sweep : sweeps) {
      count += sweep.count();
      if (count > RUNS_LIMIT) {
        String limit = String.format(Locale.ROOT, "%,d", RUNS_LIMIT);
        Place place = sweep.config.workload().place();
        throw place.error(sweep.workload.id() + " brings the plan to more than " + limit + " runs");
      }
    }
    var drafts = new LinkedHashMap<String, Draft>();
    for (Sweep sweep : sweeps) {
      for (ParameterValues values : sweep.combinations()) {
        drafts.computeIfAbsent(
            PlannedRun.id(sweep.workload, sweep.engine, sweep.mode, values),
            _ -> new Draft(sweep, values, footprint(sweep, values)));
      }
    }
    int repetitions = Objects.requireNonNullElse(overrides.repetitions(), profile.repetitions());
    TimeShare share = TimeShare.of(profile, drafts.size() * repetitions, overrides);
    return new Plan(
        drafts.entrySet().stream()
            .map(entry -> entry.getValue().planned(entry.getKey(), share, repetitions))
            .toList());
  }

  /** A run of the suite with its names looked up and its values expanded. */
  private record Sweep(
      RunConfig config,
      Workload workload,
      String engine,
      Mode mode,
      Map<String, List<Object>> choices,
      Place sizePlace) {
    /** How many combinations there are; stops counting beyond what a plan may have. */
    long count() {
      long count = 1;
      for (List<Object> values : choices.values()) {
        count = Math.min(count * values.size(), RUNS_LIMIT + 1);
      }
      return count;
    }

    List<ParameterValues> combinations() {
      List<Map<String, Object>> partial = List.of(Map.of());
      for (var choice : choices.entrySet()) {
        var longer = new ArrayList<Map<String, Object>>();
        for (Map<String, Object> prefix : partial) {
          for (Object value : choice.getValue()) {
            var values = new LinkedHashMap<>(prefix);
            values.put(choice.getKey(), value);
            longer.add(values);
          }
        }
        partial = longer;
      }
      return partial.stream().map(ParameterValues::new).toList();
    }
  }

  private record Draft(Sweep sweep, ParameterValues values, long footprintBytes) {
    PlannedRun planned(String id, TimeShare share, int repetitions) {
      return new PlannedRun(
          id,
          sweep.workload,
          sweep.engine,
          sweep.mode,
          values,
          share.stoppingRule(),
          footprintBytes,
          repetitions,
          share.budget());
    }
  }

  private List<Sweep> sweeps(SuiteConfig suite) {
    var workloads = new LinkedHashMap<String, Workload>();
    for (RunConfig run : suite.runs()) {
      Workload workload = run.workload().find("workload", catalog.workloads());
      workloads.put(workload.id(), workload);
    }
    commandLine.forEach(setting -> checkTarget(setting, workloads));
    return suite.runs().stream()
        .map(run -> sweep(run, Objects.requireNonNull(workloads.get(run.workload().name()))))
        .toList();
  }

  /** A setting on the command line that no run would use is a mistake. */
  private void checkTarget(Setting setting, Map<String, Workload> planned) {
    String name = setting.workload();
    if (name == null) {
      List<String> known =
          planned.values().stream()
              .flatMap(workload -> parameterNames(workload).stream())
              .distinct()
              .toList();
      checkParameter(setting, known);
    } else {
      Workload workload =
          new Reference(name, setting.place()).find("workload", catalog.workloads());
      checkParameter(setting, parameterNames(workload));
      if (!planned.containsKey(name)) {
        throw setting
            .place()
            .error(
                "no run of '"
                    + name
                    + "' is planned; planned: "
                    + String.join(", ", planned.keySet()));
      }
    }
  }

  private static void checkParameter(Setting setting, List<String> known) {
    if (!known.contains(setting.parameter())) {
      throw setting.place().error(Names.unknown("parameter", setting.parameter(), known));
    }
  }

  private static List<String> parameterNames(Workload workload) {
    return workload.parameters().stream().map(Parameter::name).toList();
  }

  private Sweep sweep(RunConfig run, Workload workload) {
    String engine = engine(run, workload);
    Mode mode = mode(run, workload, engine);
    List<String> known = parameterNames(workload);
    run.settings().forEach(setting -> checkParameter(setting, known));
    List<Setting> ours =
        commandLine.stream()
            .filter(s -> s.workload() == null || s.workload().equals(workload.id()))
            .toList();
    var choices = new LinkedHashMap<String, List<Object>>();
    Place sizePlace = run.workload().place();
    for (Parameter parameter : workload.parameters()) {
      Setting setting = only(ours, parameter);
      if (setting == null) {
        setting = only(run.settings(), parameter);
      }
      if (setting != null && parameter.name().equals(workload.sizeParameter())) {
        sizePlace = setting.place();
      }
      choices.put(
          parameter.name(),
          setting == null
              ? List.copyOf(parameter.defaults())
              : List.copyOf(setting.values(parameter)));
    }
    return new Sweep(run, workload, engine, mode, choices, sizePlace);
  }

  private static @Nullable Setting only(List<Setting> settings, Parameter parameter) {
    Setting found = null;
    for (Setting setting : settings) {
      if (setting.parameter().equals(parameter.name())) {
        if (found != null) {
          throw setting.place().error("'" + parameter.name() + "' is set a second time");
        }
        found = setting;
      }
    }
    return found;
  }

  private String engine(RunConfig run, Workload workload) {
    List<String> able = catalog.enginesFor(workload);
    Reference asked = reference("--engine", overrides.engine(), run.engine());
    if (asked == null) {
      if (able.isEmpty()) {
        throw run.workload().place().error("no engine can run " + workload.id());
      }
      return able.getFirst();
    }
    Engine engine = asked.find("engine", catalog.engines());
    if (!able.contains(engine.id())) {
      throw asked
          .place()
          .error(
              engine.id()
                  + " cannot run "
                  + workload.id()
                  + (able.isEmpty()
                      ? "; no engine can"
                      : "; engines that can: " + String.join(", ", able)));
    }
    return engine.id();
  }

  private Mode mode(RunConfig run, Workload workload, String id) {
    Engine engine = Objects.requireNonNull(catalog.engines().get(id));
    String where = " (" + workload.id() + " on " + id;
    String path =
        chosen("path", overrides.path(), run.path(), engine.paths(workload.id()), where + ")");
    String here = where + ", path " + path + ")";
    List<String> clocks =
        engine.clocks(workload.id(), path).stream().map(PreparedRun.Clock::word).toList();
    List<String> caches =
        engine.caches(workload.id(), path).stream().map(Mode.Cache::word).toList();
    var mode =
        new Mode(
            path,
            PreparedRun.Clock.of(chosen("clock", overrides.clock(), run.clock(), clocks, here)),
            Mode.Cache.of(chosen("cache", overrides.cache(), run.cache(), caches, here)));
    if (mode.clock() == PreparedRun.Clock.BATCH && mode.cache() == Mode.Cache.COLD) {
      Reference asked = reference("--cache", overrides.cache(), run.cache());
      throw (asked == null ? run.workload() : asked)
          .place()
          .error(
              "caches cannot be cold in a batch: its second piece of work finds what the first has left there");
    }
    return mode;
  }

  /** What is asked for, if the engine knows it; the engine's preference where nothing is. */
  private static String chosen(
      String kind,
      @Nullable String commandLine,
      @Nullable Reference suite,
      List<String> known,
      String where) {
    Reference asked = reference("--" + kind, commandLine, suite);
    if (asked == null) {
      return known.getFirst();
    }
    if (!known.contains(asked.name())) {
      throw asked.place().error(Names.unknown(kind, asked.name(), known) + where);
    }
    return asked.name();
  }

  private static @Nullable Reference reference(
      String option, @Nullable String commandLine, @Nullable Reference suite) {
    return commandLine == null
        ? suite
        : new Reference(commandLine, new Place.OnCommandLine(option));
  }

  private long footprint(Sweep sweep, ParameterValues values) {
    Place place = sweep.config.workload().place();
    try {
      sweep.workload.check(values);
    } catch (ConfigException e) {
      throw place.error(sweep.workload.id() + ": " + e.getMessage(), e);
    }
    return MemoryFit.check(sweep.workload, values, facts, sweep.sizePlace);
  }
}
