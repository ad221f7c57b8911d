// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Plan;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Planner;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
      description = "auto, cuda, host or java; auto takes the best that passes its self-check.")
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
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "quick",
      description =
          "quick, standard, full, comprehensive or a YAML file: a budget of about 1, 5, 10 or 20 minutes for the"
              + " whole suite (default: ${DEFAULT-VALUE}).")
  private String profile = "quick";

  @Option(
      names = "--set",
      paramLabel = "W.P=VALUES",
      split = ";",
      description =
          "Values of a parameter: a list (1000,10000), a range that multiplies (1024:1048576:x4) or adds"
              + " (1000:9000:+2000). Several lists give every combination.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Take exactly so many samples in each run, if its share of the time allows.")
  private @Nullable Long samples;

  @Option(names = "--warmup", paramLabel = "N", description = "Fewest samples to warm up with.")
  private @Nullable Long warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Measure for so long in each run, such as 10s or 1m30s.")
  private @Nullable String duration;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all inputs; the same seed gives the same inputs.")
  private @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads that work on one sample (default: all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description = "Refuse runs that need more memory, such as 512MiB.")
  private @Nullable String memoryLimit;

  /**
   * Everything that was decided before anything is opened.
   *
   * @param engines the selected engines by id, each of which at least one run uses
   */
  record Prepared(
      String suite,
      Profile profile,
      Plan plan,
      Map<String, Selection> engines,
      MachineFacts facts,
      Engine.Options engineOptions) {}

  /** Reads configuration, selects engines and plans. */
  Prepared prepare(App app) {
    var configs = new ConfigReader(app.configs());
    SuiteConfig what = suite(configs);
    Profile how = configs.profile(profile);
    MachineFacts facts =
        Machine.facts(
            memoryLimit == null ? null : option("--memory-limit", memoryLimit, ByteSizes::parse));
    var overrides = overrides();
    var engineOptions = engineOptions(facts);

    List<Engine> all =
        app.engines().stream()
            .map(made -> device == null ? made : made.on(device).orElse(made))
            .toList();
    Selection preferred =
        device == null
            ? EngineSelector.select(engine, all)
            : EngineSelector.selectOn(device, engine, all);
    var ordered = new ArrayList<Engine>(List.of(preferred.engine()));
    all.stream().filter(other -> !other.id().equals(preferred.engine().id())).forEach(ordered::add);
    var catalog = Catalog.of(app.workloads().values(), ordered);
    Plan plan = Planner.plan(what, catalog, how, facts, overrides);

    var selected = new LinkedHashMap<String, Selection>();
    for (PlannedRun run : plan.runs()) {
      selected.computeIfAbsent(
          run.engine(),
          id -> id.equals(preferred.engine().id()) ? preferred : EngineSelector.select(id, all));
    }
    return new Prepared(what.name(), how, plan, selected, facts, engineOptions);
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
    Duration time = duration == null ? null : option("--duration", duration, Durations::parse);
    return new Overrides(
        engine.equals(EngineSelector.AUTO) ? null : engine,
        path,
        samples,
        warmup,
        time,
        seed,
        settings.stream().filter(text -> !text.isBlank()).map(Setting::parse).toList());
  }

  private Engine.Options engineOptions(MachineFacts facts) {
    int most = threads == null ? facts.processors() : threads;
    if (most < 1 || most > facts.processors()) {
      throw new ConfigException(
          "--threads " + most + " is out of range; expected 1 .. " + facts.processors());
    }
    return new Engine.Options(most);
  }

  private interface Parser<T> {
    T parse(String text);
  }

  private static <T> T option(String name, String text, Parser<T> parser) {
    try {
      return parser.parse(text);
    } catch (ConfigException e) {
      throw new ConfigException(name + ": " + e.getMessage(), e);
    }
  }
}
