// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimCase;
import io.gpubench.measure.claim.ClaimJudge;
import io.gpubench.measure.claim.ClaimPlanner;
import io.gpubench.measure.claim.ClaimPlanner.Prospect;
import io.gpubench.measure.claim.Evidence;
import io.gpubench.measure.claim.Judgement;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Claims that are to be judged, by what is measured for them or by what has been. Names are not
 * looked up before that.
 *
 * @param claims in the order in which they are judged
 * @param engine the only one on which they are judged; null for those that they name
 * @param device for engines that use devices, an index, a UUID or {@code sim}; null for none
 * @param threads most that work on one sample; null for all processors
 * @param profile of {@code configs/profiles}, or a YAML file
 * @param processes of each run, or duets; null for what claims and profile say
 * @param seed of all inputs; null for that of the claims
 * @param workplace processes and processors
 * @param coolDown awaited before each process
 * @param orderSeed seed of the random order in which processes measure; null for a new one
 * @param ceilings to which the records are related
 */
public record ClaimRequest(
    List<Claim> claims,
    @Nullable String engine,
    @Nullable String device,
    @Nullable Integer threads,
    String profile,
    @Nullable Integer processes,
    @Nullable Long seed,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable Long orderSeed,
    CeilingUse ceilings) {
  private static final String SUITE = "validate";
  private static final Duration SLICE = Duration.ofMillis(3);

  /**
   * Checks what contradicts itself.
   *
   * @throws ConfigException when processes are asked for and there are to be none, or faults for
   *     what is not the simulated device
   */
  public ClaimRequest {
    claims = List.copyOf(claims);
    if (!workplace.isolated()) {
      if (processes != null && processes != 1) {
        throw new ConfigException(
            "--repetitions are processes, and --in-process has one only; leave one of them out");
      }
      processes = 1;
    }
    if (workplace.faults() != null) {
      workplace
          .faults()
          .demandSimulator(Objects.requireNonNullElse(engine, EngineSelector.AUTO), device);
    }
  }

  /**
   * What became of the claims.
   *
   * @param judgements in the order of the claims
   * @param runs that were measured, in the order of time
   * @param evidence from which they were judged
   * @param failures that kept single claims from being measured
   */
  public record Answer(
      List<Judgement> judgements,
      List<StoredRun> runs,
      List<Evidence> evidence,
      List<BenchException> failures) {}

  /**
   * What would be measured, whatever works here.
   *
   * @throws ConfigException when a claim has a mistake; names file, line and key
   */
  public List<Prospect> prospects(Installation installation) {
    List<Engine> engines = engines(installation);
    ClaimPlanner planner = planner(installation, engines, List::getFirst);
    return claims.stream()
        .flatMap(claim -> planner.cases(claim, likely(planner, claim)).stream())
        .map(one -> new Prospect(one, planner.processes(one.claim()), planner.samples(one.claim())))
        .toList();
  }

  /**
   * Judges by what has been measured before.
   *
   * @throws ConfigException when a claim has a mistake; names file, line and key
   */
  public Answer judge(Installation installation, List<Evidence> evidence) {
    List<Engine> engines = engines(installation);
    Set<String> measured =
        evidence.stream()
            .flatMap(one -> one.run().records().stream())
            .map(ResultRecord::engine)
            .collect(Collectors.toSet());
    ClaimPlanner planner =
        planner(installation, engines, family -> first(family, measured::contains));
    var judgements = new ArrayList<Judgement>();
    for (Claim claim : claims) {
      List<Judgement> found = new ArrayList<>();
      for (String one :
          claim.engines().isEmpty() ? able(planner, claim) : List.of(likely(planner, claim))) {
        for (ClaimCase of : planner.cases(claim, one)) {
          String why = notAsked(of);
          found.addAll(
              why == null ? ClaimJudge.judge(of, evidence) : List.of(Judgement.notTested(of, why)));
        }
      }
      List<Judgement> known = found.stream().filter(one -> one.record() != null).toList();
      // whichever engine a claim without one was measured on is the one that counts
      judgements.addAll(claim.engines().isEmpty() && !known.isEmpty() ? known : found);
    }
    return new Answer(judgements, List.of(), evidence, List.of());
  }

  /**
   * Measures what the claims need, into a new directory of the store and one more for each relative
   * claim, and judges by it. What nothing works for is left out and said to be not tested.
   *
   * @throws ConfigException when a claim has a mistake; names file, line and key
   * @throws EngineException when somebody else uses a device before anything is measured
   */
  public Answer measure(Journey journey) {
    Installation installation = journey.installation();
    List<Engine> engines = engines(installation);
    ClaimPlanner before = planner(installation, engines, List::getFirst);
    claims.forEach(claim -> before.cases(claim, likely(before, claim))); // mistakes come first
    try (Measurers measurers =
        workplace.measurers(
            installation.home(),
            device,
            workplace.engineOptions("--threads", threads),
            journey.cancellation())) {
      var available = new WorkingEngines(engines, measurers, device);
      ClaimPlanner planner =
          planner(
              installation,
              engines,
              family -> first(family, id -> available.selection(id) != null));
      var whyNot = new LinkedHashMap<ClaimCase, String>();
      var cases = new ArrayList<ClaimCase>();
      for (Claim claim : claims) {
        for (ClaimCase of : planner.cases(claim, best(available, planner, claim))) {
          cases.add(of);
          String why = notAsked(of);
          why = why == null ? available.whyNot(of) : why;
          if (why != null) {
            whyNot.put(of, why);
          }
        }
      }
      var runs = new ArrayList<StoredRun>();
      var failures = new ArrayList<BenchException>();
      List<ClaimCase> possible = cases.stream().filter(of -> !whyNot.containsKey(of)).toList();
      ClaimPlanner.Planned planned = planner.runs(possible);
      whyNot.putAll(planned.leftOut());
      available.announce(planned.runs(), journey.listener());
      if (!planned.runs().isEmpty()) {
        journey
            .sharing()
            .awaitProcessors(workplace.usable(), journey.listener(), journey.cancellation());
        ReadyRun ready = ready(planner.profile().name(), planned.runs(), available);
        ready.announce(journey.listener());
        runs.add(ready.measure(journey));
      }
      for (ClaimCase of : possible) {
        if (of.baseline() == null) {
          continue;
        }
        if (journey.cancellation().requested()) {
          whyNot.put(of, "interrupted before it was measured");
          continue;
        }
        journey.say("claim " + of.claim().id() + ": " + of.claim().statement());
        try {
          runs.add(duets(of, of.baseline(), planner, engines).measure(journey));
        } catch (ConfigException e) { // names and values were looked up before; memory was not
          whyNot.put(of, "it does not fit: " + e.getMessage());
        } catch (BenchException e) { // what is known of other claims stands
          whyNot.put(of, "it could not be measured: " + e.getMessage());
          failures.add(e);
        }
      }
      return new Answer(judgements(cases, whyNot, runs), runs, evidence(runs), failures);
    }
  }

  private static List<Judgement> judgements(
      List<ClaimCase> cases, Map<ClaimCase, String> whyNot, List<StoredRun> runs) {
    List<Evidence> evidence = evidence(runs);
    var judgements = new ArrayList<Judgement>();
    for (ClaimCase of : cases) {
      String why = whyNot.get(of);
      judgements.addAll(
          why == null ? ClaimJudge.judge(of, evidence) : List.of(Judgement.notTested(of, why)));
    }
    return judgements;
  }

  private static List<Evidence> evidence(List<StoredRun> runs) {
    return runs.stream()
        .map(run ->
            new Evidence(
                String.valueOf(run.directory()),
                run.document(),
                run.failure() == null ? null : "the store failed while it was written"))
        .toList();
  }

  private ReadyRun ready(String how, List<PlannedRun> runs, WorkingEngines available) {
    return new ReadyRun(
        SUITE,
        how,
        new Task.Suite(runs, workplace.isolated() ? (Long) SuiteRequest.seedOf(orderSeed) : null),
        runs.stream()
            .collect(
                Collectors.toMap(
                    PlannedRun::id,
                    run -> Objects.requireNonNull(available.selection(run.engine())))),
        workplace.machine(),
        workplace,
        coolDown,
        null,
        List.of(),
        ceilings);
  }

  /**
   * The comparison of one case: so many duets as were fixed before, since one that is stopped by
   * what it shows has no interval to hold against a target.
   */
  private DuetRequest duets(
      ClaimCase of, ClaimCase.Side baseline, ClaimPlanner planner, List<Engine> engines) {
    return new DuetRequest(
        side(baseline, of, engines),
        side(of.own(), of, engines),
        List.of(of.own().workload()),
        planner.processes(of.claim()),
        planner.samples(of.claim()),
        SLICE,
        profile,
        List.of(),
        seed,
        workplace,
        coolDown,
        orderSeed,
        ceilings,
        SUITE,
        null,
        List.of());
  }

  /** In the words of a side: all that the claim says of it. */
  private String side(ClaimCase.Side side, ClaimCase of, List<Engine> engines) {
    var words = new ArrayList<String>();
    words.add("engine=" + side.engine());
    words.add("path=" + side.mode().path());
    words.add("clock=" + side.mode().clock().word());
    words.add("cache=" + side.mode().cache().word());
    if (device != null && usesDevices(side.engine(), engines)) {
      words.add("device=" + device);
    }
    if (threads != null) {
      words.add("threads=" + threads);
    }
    Set<String> named = new LinkedHashSet<>(of.named().keySet());
    named.addAll(of.namedOfBaseline().keySet());
    for (String name : named) {
      Object value = side.values().asMap().get(name);
      if (value != null && !(seed != null && name.equals("seed"))) {
        words.add(side.workload() + "." + name + "=" + value);
      }
    }
    return String.join(",", words);
  }

  private boolean usesDevices(String id, List<Engine> engines) {
    return device != null
        && engines.stream().anyMatch(one -> one.id().equals(id) && one.on(device).isPresent());
  }

  /** Why a case is not to be measured on the engine that is asked for; null where it is. */
  private @Nullable String notAsked(ClaimCase of) {
    return engine == null || EngineSelector.names(engine, of.own().engine())
        ? null
        : "the claim is about the engine %s, and --engine asks for %s"
            .formatted(of.own().engine(), engine);
  }

  /** Our own engines, then those that are asked for or that a claim names. */
  private List<Engine> engines(Installation installation) {
    List<String> known = EngineSelector.names(installation.engineNames());
    if (engine != null && !known.contains(engine)) {
      throw new ConfigException(Names.unknown("engine", engine, known));
    }
    return installation.engines(named()).stream()
        .map(made -> device == null ? made : made.on(device).orElse(made))
        .toList();
  }

  /** The names of engines that are asked for or that a claim has. */
  private Set<String> named() {
    var named = new LinkedHashSet<String>();
    if (engine != null) {
      named.add(engine);
    }
    for (Claim claim : claims) {
      claim.engines().forEach(one -> named.add(one.name()));
      Claim.Baseline baseline = claim.baseline();
      if (baseline != null && baseline.engine() != null) {
        named.add(baseline.engine().name());
      }
    }
    return named;
  }

  /** The first of which something holds; where none does, the first. */
  private static Engine first(List<Engine> family, Predicate<String> holds) {
    return family.stream()
        .filter(one -> holds.test(one.id()))
        .findFirst()
        .orElseGet(family::getFirst);
  }

  /**
   * A planner.
   *
   * @param choice which engine of a family it is, where one is named
   */
  private ClaimPlanner planner(
      Installation installation, List<Engine> engines, Function<List<Engine>, Engine> choice) {
    Catalog catalog = Catalog.of(installation.workloads().values(), engines);
    for (String family : EngineSelector.families(named(), engines)) {
      catalog = catalog.naming(family, choice.apply(EngineSelector.candidates(family, engines)));
    }
    return new ClaimPlanner(
        catalog,
        new ConfigReader(installation.configs()).profile(profile),
        workplace.machine(),
        processes,
        seed);
  }

  /** Our own engines that can run what a claim names, the preferred one first. */
  private static List<String> able(ClaimPlanner planner, Claim claim) {
    List<String> able =
        planner.catalog().engines().values().stream()
            .filter(one -> EngineSelector.fits(EngineSelector.AUTO, one))
            .filter(one -> !one.paths(claim.workload().name()).isEmpty())
            .map(Engine::id)
            .toList();
    return able.isEmpty() ? List.of(planner.catalog().engines().keySet().iterator().next()) : able;
  }

  /** The first that works for a claim which names none; where none does, the preferred one. */
  private String best(WorkingEngines available, ClaimPlanner planner, Claim claim) {
    return engine != null || !claim.engines().isEmpty()
        ? likely(planner, claim)
        : able(planner, claim).stream()
            .filter(id -> available.selection(id) != null)
            .findFirst()
            .orElseGet(() -> likely(planner, claim));
  }

  /** The engine of a claim that names none, before anybody has asked whether it works. */
  private String likely(ClaimPlanner planner, Claim claim) {
    return engine == null ? able(planner, claim).getFirst() : engine;
  }
}
