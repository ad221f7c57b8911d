// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Plan;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Planner;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to measure and how thoroughly: the options that {@code run} and {@code plan} share. */
final class SuiteOptions {
  private static final String DEFAULT_SUITE = "default";

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "Workloads to measure with their default parameters; without any, a suite.")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--suite",
      paramLabel = "NAME|FILE",
      description = "A suite of configs/suites, or a YAML file (default: " + DEFAULT_SUITE + ").")
  private @Nullable String suite;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = EngineSelector.AUTO,
      description =
          "auto, cuda, host, java or one of configs/engines; auto takes the best of our own that passes its"
              + " self-check.")
  private String engine = EngineSelector.AUTO;

  @Option(
      names = "--device",
      paramLabel = "INDEX|UUID|sim",
      description =
          "The device of the engine cuda, see 'gpubench list devices'; sim is a simulated one, whose times say"
              + " nothing about a GPU.")
  private @Nullable String device;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "How the work reaches the engine; see 'gpubench list engines'.")
  private @Nullable String path;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      completionCandidates = Clocks.class,
      description = "What times a sample: host, device or batch; by default the path's preferred.")
  private @Nullable String clock;

  @Option(
      names = "--cache",
      paramLabel = "CACHE",
      completionCandidates = Caches.class,
      description =
          "What the caches hold before a sample: hot for what is there, cold for nothing of use.")
  private @Nullable String cache;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Take exactly so many samples in each process, if its share of the time allows.")
  private @Nullable Long samples;

  @Option(names = "--warmup", paramLabel = "N", description = "Fewest samples to warm up with.")
  private @Nullable Long warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Measure for so long in each process, such as 10s or 1m30s.")
  private @Nullable String duration;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads that work on one sample (default: all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description =
          "So many fresh processes measure each run, instead of the profile's number; intervals over processes"
              + " need 6.")
  private @Nullable Integer repetitions;

  @Mixin private MeasuringOptions common = new MeasuringOptions();

  /**
   * Everything that was decided before anything is measured.
   *
   * @param engines the selected engines by id, each of which at least one run uses
   */
  record Prepared(
      String suite,
      Profile profile,
      Plan plan,
      Map<String, Selection> engines,
      MachineFacts facts) {}

  /** Where to measure. */
  Workplace workplace(App app) {
    if (!common.isolated() && repetitions != null && repetitions != 1) {
      throw new ConfigException(
          "--repetitions are processes, and --in-process has one only; leave one of them out");
    }
    Workplace workplace = common.workplace(app);
    if (workplace.faults() != null) {
      workplace.faults().demandSimulator(engine, device);
    }
    return workplace;
  }

  /** Where engines are to run; the caller closes it. */
  Measurers measurers(App app, Workplace workplace, Cancellation cancellation) {
    return workplace.measurers(
        app, device, workplace.engineOptions("--threads", threads), cancellation);
  }

  /** Reads configuration, selects engines and plans. */
  Prepared prepare(App app, Workplace workplace, Measurers measurers) {
    var configs = new ConfigReader(app.configs());
    SuiteConfig what = suite(configs);
    Profile how = common.profile(configs);
    MachineFacts facts = workplace.machine();
    var overrides = overrides();

    List<Engine> all =
        app.engines(enginesNamed(app, what)).stream()
            .map(made -> device == null ? made : made.on(device).orElse(made))
            .toList();
    Map<String, Workload> known = app.workloads();
    checkPlan(what, how, facts, overrides, known, all);
    Selection preferred =
        device == null
            ? EngineSelector.select(engine, all, measurers)
            : EngineSelector.selectOn(device, engine, all, measurers);
    Plan plan = Planner.plan(what, catalog(known, preferred.engine(), all), how, facts, overrides);

    if (workplace.faults() != null) {
      workplace.faults().demandProcess(plan.runs().getFirst().repetitions());
      plan.runs().forEach(run -> workplace.faults().demandSimulator(run.engine(), device));
    }
    var selected = new LinkedHashMap<String, Selection>();
    for (PlannedRun run : plan.runs()) {
      selected.computeIfAbsent(
          run.engine(),
          id ->
              id.equals(preferred.engine().id())
                  ? preferred
                  : EngineSelector.select(id, all, measurers));
    }
    return new Prepared(what.name(), how, plan, selected, facts);
  }

  /** The engines that the command line or the suite names. */
  private Set<String> enginesNamed(App app, SuiteConfig what) {
    List<String> known = app.engineNames();
    if (!engine.equals(EngineSelector.AUTO) && !known.contains(engine)) {
      known.add(EngineSelector.AUTO);
      throw new ConfigException(Names.unknown("engine", engine, known));
    }
    var named = new HashSet<String>(List.of(engine));
    for (RunConfig run : what.runs()) {
      if (run.engine() != null) {
        named.add(run.engine().name());
      }
    }
    return named;
  }

  /** Finds mistakes before any engine is started: there is a plan with one of them at least. */
  private void checkPlan(
      SuiteConfig what,
      Profile how,
      MachineFacts facts,
      Overrides overrides,
      Map<String, Workload> known,
      List<Engine> all) {
    ConfigException mistake = null;
    for (Engine candidate : all) {
      if (engine.equals(EngineSelector.AUTO) || candidate.id().equals(engine)) {
        try {
          Planner.plan(what, catalog(known, candidate, all), how, facts, overrides);
          return;
        } catch (ConfigException e) {
          mistake = mistake == null ? e : mistake;
        }
      }
    }
    if (mistake != null) {
      throw mistake;
    }
  }

  private static Catalog catalog(
      Map<String, Workload> workloads, Engine preferred, List<Engine> all) {
    var ordered = new ArrayList<Engine>(List.of(preferred));
    all.stream().filter(other -> !other.id().equals(preferred.id())).forEach(ordered::add);
    return Catalog.of(workloads.values(), ordered);
  }

  private SuiteConfig suite(ConfigReader configs) {
    if (suite != null && !workloads.isEmpty()) {
      throw new ConfigException("--suite and workloads cannot be combined; leave one out");
    }
    return workloads.isEmpty()
        ? configs.suite(suite == null ? DEFAULT_SUITE : suite)
        : SuiteConfig.ofWorkloads(workloads);
  }

  private Overrides overrides() {
    Duration time =
        duration == null ? null : MeasuringOptions.option("--duration", duration, Durations::parse);
    return new Overrides(
        engine.equals(EngineSelector.AUTO) ? null : engine,
        path,
        clock,
        cache,
        samples,
        warmup,
        time,
        common.isolated() ? repetitions : (Integer) 1,
        common.seed(),
        common.settings());
  }

  /** For completion. */
  private static final class Clocks extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Clocks() {
      super(Stream.of(PreparedRun.Clock.values()).map(PreparedRun.Clock::word).toList());
    }
  }

  /** For completion. */
  private static final class Caches extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Caches() {
      super(Stream.of(Mode.Cache.values()).map(Mode.Cache::word).toList());
    }
  }
}
