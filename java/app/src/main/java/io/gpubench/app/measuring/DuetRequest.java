// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.duet.Duet;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Two configurations that are to be measured against each other. Names are not looked up before it
 * is planned.
 *
 * @param a such as {@code engine=host,consensus.tags=none}
 * @param b what is compared with it
 * @param workloads to compare with; empty for all that both sides can run
 * @param duets how many, each of fresh processes, 1 .. {@link DuetPlan#MOST_DUETS}; with a rule of
 *     the trial, that says it
 * @param samples of each side in a duet, 1 .. {@link Duet.Rule#MOST_SAMPLES}; null for the
 *     profile's fewest
 * @param slice how long the sides measure in turn, more than 0
 * @param profile of {@code configs/profiles}, or a YAML file
 * @param settings of both sides
 * @param seed of all inputs; null for that of the workloads
 * @param workplace processes and processors
 * @param coolDown awaited before each process
 * @param orderSeed seed of who begins; null for a new one
 * @param ceilings to which the records are related
 * @param suite name of what is measured, such as {@code compare}; the run's id has it too
 * @param trial until it is decided by this rule; null for {@code duets}
 * @param among all sides of a comparison of which this is one pair; empty where there is no other
 */
public record DuetRequest(
    String a,
    String b,
    List<String> workloads,
    int duets,
    @Nullable Long samples,
    Duration slice,
    String profile,
    List<Setting> settings,
    @Nullable Long seed,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable Long orderSeed,
    CeilingUse ceilings,
    String suite,
    @Nullable TrialRule trial,
    List<String> among) {

  /**
   * Checks the ranges.
   *
   * @throws ConfigException when a number is out of range, or a side has no such form
   */
  public DuetRequest {
    duets = trial == null ? duets : trial.fewest();
    check("--duets", duets, DuetPlan.MOST_DUETS);
    check("--samples", samples == null ? 1 : samples, Duet.Rule.MOST_SAMPLES);
    if (trial != null
        && trial.tolerances().containsKey(TrialRule.P95)
        && samples != null
        && samples < TrialRule.FEWEST_FOR_P95) {
      throw new ConfigException(
          "--samples %d: of so few there is no p95 to judge; expected at least %d"
              .formatted(samples, TrialRule.FEWEST_FOR_P95));
    }
    if (slice.isZero() || slice.isNegative()) {
      throw new ConfigException("--slice: expected more than 0");
    }
    workloads = List.copyOf(workloads);
    settings = List.copyOf(settings);
    among = List.copyOf(among);
    for (DuetSide side : List.of(DuetSide.parse(a), DuetSide.parse(b))) {
      if (workplace.faults() != null) {
        workplace.faults().demandProcess(duets);
        workplace.faults().demandSimulator(side.engine(), side.device());
      }
    }
  }

  private static void check(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new ConfigException(
          String.format(
              Locale.ROOT, "%s %d is out of range; expected 1 .. %d", option, value, most));
    }
  }

  /**
   * Measures it into a new directory of the store.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws EngineException when an engine does not pass its self-check, or somebody else uses its
   *     device
   */
  public StoredRun measure(Journey journey) {
    DuetSide sideA = DuetSide.parse(a);
    DuetSide sideB = DuetSide.parse(b);
    Cancellation cancellation = journey.cancellation();
    Origins origins = Origins.of(sideA, sideB, workplace, journey);
    try (Measurers ofA =
            Workplace.launched(
                sideA.measurers(workplace, journey.installation(), cancellation), origins.a());
        Measurers ofB =
            Workplace.launched(
                sideB.measurers(workplace, journey.installation(), cancellation), origins.b())) {
      ReadyRun ready = prepare(sideA, ofA, sideB, ofB, origins, journey);
      ready.announce(journey.listener());
      return ready.measure(journey);
    }
  }

  /**
   * Plans it with every engine that may turn out to be a side's, and measures nothing: a mistake
   * costs no start of a worker.
   *
   * @throws ConfigException when it fits none of them
   */
  public void check(Installation installation) {
    DuetSide sideA = DuetSide.parse(a);
    DuetSide sideB = DuetSide.parse(b);
    List<Engine> engines = installation.engines(List.of(sideA.engine(), sideB.engine()));
    sideA.named(installation.engineNames(), engines);
    sideB.named(installation.engineNames(), engines);
    DuetPlanner planner = planner(installation, profile(installation), workplace.machine());
    ConfigException mistake = null;
    for (Engine ofA : EngineSelector.candidates(sideA.engine(), engines)) {
      for (Engine ofB : EngineSelector.candidates(sideB.engine(), engines)) {
        try {
          planner.plan(party(sideA, ofA), party(sideB, ofB), workloads);
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

  private Profile profile(Installation installation) {
    return new ConfigReader(installation.configs()).profile(profile);
  }

  private DuetPlanner planner(Installation installation, Profile how, MachineFacts facts) {
    return new DuetPlanner(
            installation.workloads(),
            facts,
            how,
            settings,
            seed,
            duets,
            samples,
            slice,
            trial,
            List.of())
        .among(others(installation));
  }

  private ReadyRun prepare(
      DuetSide sideA,
      Measurers ofA,
      DuetSide sideB,
      Measurers ofB,
      Origins origins,
      Journey journey) {
    Installation installation = journey.installation();
    Profile how = profile(installation);
    MachineFacts facts = workplace.machine();
    List<Engine> engines = installation.engines(List.of(sideA.engine(), sideB.engine()));
    Engine namedA = sideA.named(installation.engineNames(), engines);
    Engine namedB = sideB.named(installation.engineNames(), engines);
    DuetPlanner planner = planner(installation, how, facts);
    if (namedA != null && namedB != null) { // a mistake costs no start of a worker
      planner.plan(party(sideA, namedA), party(sideB, namedB), workloads);
    }
    origins.demandOwn(sideA, namedA);
    origins.demandOwn(sideB, namedB);
    journey
        .sharing()
        .awaitProcessors(workplace.usable(), journey.listener(), journey.cancellation());
    Selection chosenA = sideA.select(engines, ofA);
    Selection chosenB = sideB.sameEngine(sideA) ? chosenA.in(ofB) : sideB.select(engines, ofB);
    List<DuetPlan> plans =
        planner.plan(party(sideA, chosenA.engine()), party(sideB, chosenB.engine()), workloads);
    journey.say("A: " + a + ": " + chosenA.why());
    journey.say("B: " + b + ": " + chosenB.why());
    var task = new Task.Duets(plans, SuiteRequest.seedOf(orderSeed));
    return new ReadyRun(
        suite,
        how.name(),
        task,
        task.sides(chosenA, chosenB),
        facts,
        workplace,
        coolDown,
        null,
        origins.notes(),
        ceilings);
  }

  private List<DuetPlanner.Party> others(Installation installation) {
    return among.stream()
        .filter(text -> !text.equals(a) && !text.equals(b))
        .map(DuetSide::parse)
        .flatMap(side ->
            EngineSelector.candidates(side.engine(), installation.engines(List.of(side.engine())))
                .stream()
                .map(engine -> party(side, engine)))
        .toList();
  }

  private static DuetPlanner.Party party(DuetSide side, Engine engine) {
    return new DuetPlanner.Party(side, engine);
  }
}
