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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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
        throw sweep
            .job
            .place()
            .error(sweep.job.workload.id() + " brings the plan to more than " + limit + " runs");
      }
    }
    var drafts = new LinkedHashMap<String, Draft>();
    for (Sweep sweep : sweeps) {
      Job job = sweep.job;
      for (ParameterValues values : sweep.combinations()) {
        drafts.computeIfAbsent(
            PlannedRun.id(job.workload, job.engine.id(), job.mode, values),
            _ -> new Draft(job, values, footprint(sweep, values)));
      }
    }
    int repetitions = Objects.requireNonNullElse(overrides.repetitions(), profile.repetitions());
    TimeShare share = TimeShare.of(profile, drafts.size() * repetitions, overrides);
    return new Plan(
        drafts.entrySet().stream()
            .map(entry -> entry.getValue().planned(entry.getKey(), share, repetitions))
            .toList());
  }

  /**
   * A run of the suite with its names looked up.
   *
   * @param parameters the workload's own, then those of the engine that can be tuned
   */
  private record Job(
      RunConfig config, Workload workload, Engine engine, Mode mode, List<Parameter> parameters) {
    List<String> names() {
      return parameters.stream().map(Parameter::name).toList();
    }

    /**
     * Whether the values of a setting are allowed: what one path can be tuned to, such as a version
     * of its kernels, may be unknown to another.
     */
    boolean accepts(Setting setting) {
      try {
        return parameters.stream()
            .filter(parameter -> parameter.name().equals(setting.parameter()))
            .anyMatch(parameter -> !setting.values(parameter).isEmpty());
      } catch (ConfigException _) {
        return false;
      }
    }

    Place place() {
      return config.workload().place();
    }
  }

  /** A job with its values expanded. */
  private record Sweep(Job job, Map<String, List<Object>> choices, Place sizePlace) {
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

  private record Draft(Job job, ParameterValues values, long footprintBytes) {
    PlannedRun planned(String id, TimeShare share, int repetitions) {
      return new PlannedRun(
          id,
          job.workload,
          job.engine.id(),
          job.mode,
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
    List<Job> jobs =
        suite.runs().stream()
            .map(run -> job(run, Objects.requireNonNull(workloads.get(run.workload().name()))))
            .toList();
    commandLine.forEach(setting -> checkTarget(setting, jobs));
    return jobs.stream().map(job -> sweep(job, jobs)).toList();
  }

  private Job job(RunConfig run, Workload workload) {
    Engine engine = engine(run, workload);
    Mode mode = mode(run, workload, engine);
    var parameters = new ArrayList<>(workload.parameters());
    parameters.addAll(engine.tuning(workload.id(), mode.path()));
    return new Job(run, workload, engine, mode, parameters);
  }

  /** A setting on the command line that no run would use is a mistake. */
  private void checkTarget(Setting setting, List<Job> jobs) {
    String name = setting.workload();
    if (name == null) {
      checkParameter(setting, jobs);
      return;
    }
    Workload workload = new Reference(name, setting.place()).find("workload", catalog.workloads());
    List<Job> planned = jobs.stream().filter(job -> job.workload.id().equals(name)).toList();
    if (planned.isEmpty()) {
      checkName(setting, namesAnywhere(workload), "");
      throw setting
          .place()
          .error(
              "no run of '"
                  + name
                  + "' is planned; planned: "
                  + jobs.stream()
                      .map(job -> job.workload.id())
                      .distinct()
                      .collect(Collectors.joining(", ")));
    }
    checkParameter(setting, planned);
  }

  /** Of its own parameters, and of those that any engine tunes. */
  private List<String> namesAnywhere(Workload workload) {
    var names = new LinkedHashSet<String>();
    workload.parameters().forEach(parameter -> names.add(parameter.name()));
    for (Engine engine : catalog.engines().values()) {
      for (String path : engine.paths(workload.id())) {
        engine.tuning(workload.id(), path).forEach(parameter -> names.add(parameter.name()));
      }
    }
    return List.copyOf(names);
  }

  private void checkParameter(Setting setting, List<Job> jobs) {
    checkName(
        setting,
        jobs.stream().flatMap(job -> job.names().stream()).distinct().toList(),
        elsewhere(setting.parameter(), jobs));
  }

  private static void checkName(Setting setting, List<String> known, String otherwise) {
    if (!known.contains(setting.parameter())) {
      throw setting
          .place()
          .error(Names.unknown("parameter", setting.parameter(), known) + otherwise);
    }
  }

  /** By which engines and paths a parameter can be tuned that cannot be by what is planned. */
  private String elsewhere(String parameter, List<Job> jobs) {
    var found = new LinkedHashSet<String>();
    for (Job job : jobs) {
      String workload = job.workload.id();
      for (Engine engine : catalog.engines().values()) {
        engine.paths(workload).stream()
            .filter(path ->
                engine.tuning(workload, path).stream().anyMatch(p -> p.name().equals(parameter)))
            .forEach(path -> found.add("--engine %s --path %s".formatted(engine.id(), path)));
      }
    }
    return found.isEmpty() ? "" : "; it goes with " + String.join(", ", found);
  }

  private Sweep sweep(Job job, List<Job> all) {
    job.config.settings().forEach(setting -> checkParameter(setting, List.of(job)));
    List<Setting> ours =
        commandLine.stream()
            .filter(s -> s.workload() == null || s.workload().equals(job.workload.id()))
            .filter(s -> job.names().contains(s.parameter()))
            .filter(s -> job.accepts(s) || all.stream().noneMatch(other -> other.accepts(s)))
            .toList();
    var choices = new LinkedHashMap<String, List<Object>>();
    Place sizePlace = job.place();
    for (Parameter parameter : job.parameters) {
      Setting setting = only(ours, parameter);
      if (setting == null) {
        setting = only(job.config.settings(), parameter);
      }
      if (setting != null && parameter.name().equals(job.workload.sizeParameter())) {
        sizePlace = setting.place();
      }
      List<Object> values =
          setting == null
              ? List.copyOf(parameter.defaults())
              : List.copyOf(setting.values(parameter));
      if (!values.isEmpty()) { // what is not tuned is the engine's own choice
        choices.put(parameter.name(), values);
      }
    }
    return new Sweep(job, choices, sizePlace);
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

  private Engine engine(RunConfig run, Workload workload) {
    List<String> able = catalog.enginesFor(workload);
    Reference asked = reference("--engine", overrides.engine(), run.engine());
    if (asked == null) {
      if (able.isEmpty()) {
        throw run.workload().place().error("no engine can run " + workload.id());
      }
      return Objects.requireNonNull(catalog.engines().get(able.getFirst()));
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
    return engine;
  }

  private Mode mode(RunConfig run, Workload workload, Engine engine) {
    String where = " (" + workload.id() + " on " + engine.id();
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
    Job job = sweep.job;
    try {
      job.workload.check(values);
      job.engine.check(job.workload.id(), job.mode, values);
    } catch (ConfigException e) {
      throw job.place().error(job.workload.id() + ": " + e.getMessage(), e);
    }
    return MemoryFit.check(job.workload, job.engine, job.mode, values, facts, sweep.sizePlace);
  }
}
