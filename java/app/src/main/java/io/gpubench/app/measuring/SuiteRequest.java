// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.ConfigReader;
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
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to measure, by whom and how thoroughly: a suite, or workloads. Names are not looked up
 * before it is planned.
 *
 * @param workloads to measure with their default parameters; empty for a suite
 * @param suite of {@code configs/suites}, or a YAML file; null for the default one
 * @param device for engines that use devices, an index, a UUID or {@code sim}; null for none
 * @param threads most that work on one sample; null for all processors
 * @param profile of {@code configs/profiles}, or a YAML file
 * @param overrides what wins over the suite and the profile; its engine is null for {@code auto}
 * @param workplace processes and processors
 * @param coolDown awaited before each process
 * @param orderSeed seed of the random order in which processes measure; null for a new one
 * @param ceilings to which the records are related
 */
public record SuiteRequest(
    List<String> workloads,
    @Nullable String suite,
    @Nullable String device,
    @Nullable Integer threads,
    String profile,
    Overrides overrides,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable Long orderSeed,
    CeilingUse ceilings) {
  private static final String DEFAULT_SUITE = "default";

  /**
   * Checks what contradicts itself.
   *
   * @throws ConfigException when processes are asked for and there are to be none, or faults for
   *     what is not the simulated device
   */
  public SuiteRequest {
    workloads = List.copyOf(workloads);
    Integer repetitions = overrides.repetitions();
    if (!workplace.isolated() && repetitions != null && repetitions != 1) {
      throw new ConfigException(
          "--repetitions are processes, and --in-process has one only; leave one of them out");
    }
    if (workplace.faults() != null) {
      workplace
          .faults()
          .demandSimulator(
              Objects.requireNonNullElse(overrides.engine(), EngineSelector.AUTO), device);
    }
    if (!workplace.isolated()) {
      overrides = once(overrides);
    }
  }

  private static Overrides once(Overrides asked) {
    return new Overrides(
        asked.engine(),
        asked.path(),
        asked.clock(),
        asked.cache(),
        asked.samples(),
        asked.warmup(),
        asked.duration(),
        1,
        asked.seed(),
        asked.settings());
  }

  /**
   * Everything that was decided before anything is measured.
   *
   * @param engines the selected engines by id, each of which at least one run uses
   */
  public record Prepared(
      String suite,
      Profile profile,
      Plan plan,
      Map<String, Selection> engines,
      MachineFacts facts) {
    /** How much it is, for a person: {@code 4 runs by 6 processes each}. */
    public String size() {
      return new Task.Suite(plan.runs(), null).size();
    }
  }

  /**
   * What it would measure, with engines that passed their self-check; measures nothing.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws EngineException when no engine passes its self-check
   */
  public Prepared plan(Installation installation, Cancellation cancellation) {
    try (Measurers measurers = measurers(installation, cancellation)) {
      return prepare(installation, measurers, null);
    }
  }

  /**
   * Measures it into a new directory of the store.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws EngineException when no engine passes its self-check, or somebody else uses its device
   */
  public StoredRun measure(Journey journey) {
    return measure(journey, null);
  }

  /**
   * The same, or something else than the suite and the workloads that it names.
   *
   * @param given what to measure instead; null for what it names
   */
  StoredRun measure(Journey journey, @Nullable SuiteConfig given) {
    Listener listener = journey.listener();
    try (Measurers measurers = measurers(journey.installation(), journey.cancellation())) {
      journey.sharing().awaitProcessors(workplace.usable(), listener, journey.cancellation());
      Prepared prepared = prepare(journey.installation(), measurers, given);
      prepared
          .engines()
          .forEach((id, selection) -> listener.say("engine " + id + ": " + selection.why()));
      ReadyRun ready = ready(prepared);
      ready.announce(listener);
      return ready.measure(journey);
    }
  }

  private Measurers measurers(Installation installation, Cancellation cancellation) {
    return workplace.measurers(
        installation.home(), device, workplace.engineOptions("--threads", threads), cancellation);
  }

  private ReadyRun ready(Prepared prepared) {
    List<PlannedRun> runs = prepared.plan().runs();
    return new ReadyRun(
        prepared.suite(),
        prepared.profile().name(),
        new Task.Suite(runs, workplace.isolated() ? (Long) seedOf(orderSeed) : null),
        runs.stream()
            .collect(
                Collectors.toMap(
                    PlannedRun::id,
                    run -> Objects.requireNonNull(prepared.engines().get(run.engine())))),
        prepared.facts(),
        workplace,
        coolDown,
        null,
        List.of(),
        ceilings);
  }

  /** The seed asked for, or a new one. */
  static long seedOf(@Nullable Long asked) {
    return asked == null
        ? new SplittableRandom().nextLong(1L << 53) // exact in every reader of JSON
        : asked;
  }

  /** Reads configuration, selects engines and plans. */
  private Prepared prepare(
      Installation installation, Measurers measurers, @Nullable SuiteConfig given) {
    var configs = new ConfigReader(installation.configs());
    SuiteConfig what = given == null ? suite(configs) : given;
    Profile how = configs.profile(profile);
    MachineFacts facts = workplace.machine();
    String engine = Objects.requireNonNullElse(overrides.engine(), EngineSelector.AUTO);

    Set<String> named = enginesNamed(installation, engine, what);
    List<Engine> all =
        installation.engines(named).stream()
            .map(made -> device == null ? made : made.on(device).orElse(made))
            .toList();
    Map<String, Workload> known = installation.workloads();
    List<String> families = EngineSelector.families(named, all);
    checkPlan(what, how, facts, engine, known, all, families);
    Selection preferred =
        device == null
            ? EngineSelector.select(engine, all, measurers)
            : EngineSelector.selectOn(device, engine, all, measurers);
    var selected = new LinkedHashMap<String, Selection>();
    selected.put(preferred.engine().id(), preferred);
    Catalog catalog = catalog(known, preferred.engine(), all);
    for (String name : families) {
      Selection first =
          name.equals(engine) ? preferred : EngineSelector.select(name, all, measurers);
      selected.putIfAbsent(first.engine().id(), first);
      catalog = catalog.naming(name, first.engine());
    }
    Plan plan = Planner.plan(what, catalog, how, facts, overrides);

    if (workplace.faults() != null) {
      workplace.faults().demandProcess(plan.runs().getFirst().repetitions());
      plan.runs().forEach(run -> workplace.faults().demandSimulator(run.engine(), device));
    }
    for (PlannedRun run : plan.runs()) {
      selected.computeIfAbsent(run.engine(), id -> EngineSelector.select(id, all, measurers));
    }
    selected.keySet().retainAll(plan.runs().stream().map(PlannedRun::engine).toList());
    return new Prepared(what.name(), how, plan, selected, facts);
  }

  /** The names of engines that are asked for here or, where none is, that the suite names. */
  private static Set<String> enginesNamed(
      Installation installation, String engine, SuiteConfig what) {
    List<String> known = EngineSelector.names(installation.engineNames());
    if (!known.contains(engine)) {
      throw new ConfigException(Names.unknown("engine", engine, known));
    }
    var named = new LinkedHashSet<String>(List.of(engine));
    for (RunConfig run : what.runs()) {
      if (run.engine() != null && engine.equals(EngineSelector.AUTO)) {
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
      String engine,
      Map<String, Workload> known,
      List<Engine> all,
      List<String> families) {
    ConfigException mistake = null;
    for (Engine candidate : EngineSelector.candidates(engine, all)) {
      try {
        Catalog catalog = catalog(known, candidate, all);
        for (String name : families) {
          catalog =
              catalog.naming(
                  name,
                  name.equals(engine)
                      ? candidate
                      : EngineSelector.candidates(name, all).getFirst());
        }
        Planner.plan(what, catalog, how, facts, overrides);
        return;
      } catch (ConfigException e) {
        mistake = mistake == null ? e : mistake;
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
}
