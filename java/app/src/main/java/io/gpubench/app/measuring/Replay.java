// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.faults.InjectedFaults;
import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Guard;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Replanner;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunDocument.EngineChoice;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stored run that is going to be measured again. What to measure, by whom, how thoroughly and
 * under which conditions comes from its {@code run.json} alone; of the configuration only the files
 * of foreign engines are read, which have their commands.
 */
public final class Replay {
  private final Installation installation;
  private final Path directory;
  private final RunDocument original;
  private final Path file;
  private final Workplace workplace;
  private final CoolDown coolDown;
  private final MachineFacts facts;
  private final List<Engine> engines;
  private final Task task;

  /**
   * Reads a run and plans it again; starts nothing.
   *
   * @throws io.gpubench.measure.ResultFormatException when the directory holds no run that can be
   *     read
   * @throws ConfigException when the run does not say enough, or would be planned differently
   * @throws EngineException when an engine or processors that it needs are not here
   */
  public Replay(Installation installation, Path directory) {
    this.installation = installation;
    this.directory = directory;
    this.original = RunReader.read(directory);
    this.file = directory.resolve("run.json");
    var plan = new ReplayPlan(original, file);
    plan.check();
    Conditions conditions = original.conditions();
    this.workplace = workplace(conditions);
    demandGuard();
    String pause = conditions.coolDown();
    this.coolDown =
        pause == null ? new CoolDown.None() : stored("coolDown", () -> CoolDown.parse(pause));
    this.facts = workplace.machine();
    this.engines = engines(plan.duets());
    // the sides of a duet measure at the same time
    long bytes = plan.duets() ? facts.availableBytes() / 2 : facts.availableBytes();
    this.task =
        plan.task(
            new Replanner(
                Catalog.of(installation.workloads().values(), engines),
                new MachineFacts(facts.processors(), bytes, facts.lastLevelCacheBytes())));
  }

  /** What is going to be measured again. */
  public RunDocument original() {
    return original;
  }

  /**
   * Measures it.
   *
   * @param ceilings to which the records are related
   * @throws EngineException when an engine does not pass its self-check, or somebody else uses its
   *     device
   */
  public StoredRun measure(Journey journey, CeilingUse ceilings) {
    Origins origins = Origins.again(first(), last(), file, journey);
    try (Measurers ofFirst =
            Workplace.launched(measurers(first(), journey.cancellation()), origins.a());
        Measurers ofLast =
            Workplace.launched(measurers(last(), journey.cancellation()), origins.b())) {
      journey
          .sharing()
          .awaitProcessors(workplace.usable(), journey.listener(), journey.cancellation());
      ReadyRun ready = ready(ofFirst, ofLast, ceilings, journey.listener());
      ready.announce(journey.listener());
      return ready.measure(journey);
    }
  }

  /** The engine of the plan's first run; of duets, that of side A. */
  private EngineChoice first() {
    return original.engines().getFirst();
  }

  /** Of duets, the engine of side B, which may be that of A too. */
  private EngineChoice last() {
    return original.engines().getLast();
  }

  /**
   * Where an engine is to run, with the device and as many threads as then; the caller closes it.
   */
  private Measurers measurers(EngineChoice choice, Cancellation cancellation) {
    Integer threads = choice.threads();
    int most = threads == null ? facts.processors() : threads;
    if (most < 1 || most > facts.processors()) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "%s: %d threads measured, and here %d can"
              .formatted(original.id(), most, facts.processors()),
          "replay it on a machine with as many processors",
          null);
    }
    return workplace
        .recorded(!Boolean.FALSE.equals(choice.telemetry()))
        .measurers(
            installation.home(),
            choice.deviceAsked(),
            new Engine.Options(most),
            slowdown(choice),
            cancellation);
  }

  /** As it was injected then. */
  private @Nullable Slowdown slowdown(EngineChoice choice) {
    Double factor = choice.slowdown();
    try {
      return factor == null ? null : new Slowdown(factor);
    } catch (ConfigException e) {
      throw place("engines").error(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Starts and checks the engines, and finds out what is not as it was.
   *
   * @param ofFirst from {@link #first}
   * @param ofLast from {@link #last}; of importance for duets only
   * @param ceilings to which the records are related
   * @param listener is told which engines measure
   * @throws EngineException when an engine does not pass its self-check
   */
  private ReadyRun ready(
      Measurers ofFirst, Measurers ofLast, CeilingUse ceilings, Listener listener) {
    var now = new LinkedHashMap<EngineChoice, Selection>();
    Map<String, Selection> selections =
        switch (task) {
          case Task.Suite suite -> {
            original.engines().forEach(choice -> now.put(choice, select(choice, ofFirst)));
            var byEngine = new HashMap<String, Selection>();
            now.forEach((choice, selection) -> byEngine.put(choice.id(), selection));
            var byRun = new HashMap<String, Selection>();
            for (PlannedRun run : suite.runs()) {
              byRun.put(run.id(), Objects.requireNonNull(byEngine.get(run.engine())));
            }
            yield byRun;
          }
          case Task.Duets duets -> {
            Selection a = select(first(), ofFirst);
            Selection b = last().equals(first()) ? a.in(ofLast) : select(last(), ofLast);
            now.put(first(), a);
            now.put(last(), b);
            yield duets.sides(a, b);
          }
        };
    now.forEach(
        (choice, selection) -> listener.say("engine " + choice.id() + ": " + selection.why()));
    var choices = new LinkedHashMap<EngineChoice, EngineChoice>();
    now.forEach((choice, selection) ->
        choices.put(choice, NewRun.choice(selection, installation.contents(), task.runs())));
    List<String> notes = new ArrayList<>(ReplayNotes.of(original, choices));
    notes.addAll(OriginalNotes.of(installation, directory, original));
    return new ReadyRun(
        original.suite(),
        original.profile(),
        task,
        selections,
        facts,
        workplace,
        coolDown,
        original.id(),
        notes,
        ceilings);
  }

  private Selection select(EngineChoice choice, Measurers measurers) {
    String device = choice.deviceAsked();
    return EngineSelector.select(
        choice.id(),
        device == null
            ? engines
            : engines.stream().map(engine -> engine.on(device).orElse(engine)).toList(),
        measurers);
  }

  /** Those that the plan names, of which the run has to say how they were opened. */
  private List<Engine> engines(boolean duets) {
    List<String> known = installation.engineNames();
    for (int i = 0; i < original.planned().size(); i++) {
      String id = original.planned().get(i).engine();
      EngineChoice choice =
          (duets ? Optional.of(i % 2 == 0 ? first() : last()) : original.engine(id))
              .filter(found -> found.id().equals(id))
              .orElseThrow(() -> place("engines").error("'" + id + "' of the plan is missing"));
      if (!duets
          && !(Objects.equals(choice.threads(), first().threads())
              && Objects.equals(choice.deviceAsked(), first().deviceAsked()))) {
        throw place("engines").error("they were not opened alike");
      }
      if (!known.contains(id)) {
        List<String> command = choice.command();
        throw new EngineException(
            EngineException.Kind.UNAVAILABLE,
            "the engine '%s', which measured %s, is not here".formatted(id, original.id()),
            command == null
                ? null
                : "it was a file of configs/engines with the command " + String.join(" ", command),
            null);
      }
    }
    return installation.engines(original.engines().stream().map(EngineChoice::id).toList());
  }

  private Workplace workplace(Conditions conditions) {
    String cpus = conditions.cpus();
    Double seconds = conditions.timeoutSeconds();
    return new Workplace(
        switch (conditions.isolation()) {
          case Conditions.WORKERS -> true;
          case Conditions.IN_PROCESS -> false;
          default ->
              throw place("conditions.isolation")
                  .error("expected workers or in-process, found '" + conditions.isolation() + "'");
        },
        cpus == null ? null : stored("cpus", () -> allowed(CpuSet.parse(cpus))),
        seconds == null
            ? null
            : stored(
                "timeoutSeconds",
                () -> Durations.positive(String.format(Locale.ROOT, "%.9fs", seconds))),
        faults(conditions),
        null,
        true,
        null);
  }

  /** The same as then, whatever their script says today. */
  private @Nullable InjectedFaults faults(Conditions conditions) {
    if (conditions.faults() == null) {
      return null;
    }
    var faults = new InjectedFaults(conditions.faults());
    if (conditions.isolation().equals(Conditions.IN_PROCESS)) {
      throw place("conditions.faults").error("faults are for workers, and it had none");
    }
    original
        .engines()
        .forEach(choice ->
            stored(
                "faults",
                () -> {
                  faults.demandSimulator(choice.id(), choice.deviceAsked());
                  return choice;
                }));
    return faults;
  }

  private CpuSet allowed(CpuSet cpus) {
    CpuSet allowed = CpuSet.allowed();
    if (!cpus.isSubsetOf(allowed)) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "%s: its workers were bound to the processors %s, and this process may use %s only"
              .formatted(original.id(), cpus, allowed),
          null,
          null);
    }
    return cpus;
  }

  private void demandGuard() {
    String cpus = original.conditions().cpus();
    if (cpus != null && workplace.isolated() && Guard.below(installation.home()).isEmpty()) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "%s: its workers were bound to the processors %s, and the worker guard, which does that, is not built"
              .formatted(original.id(), cpus),
          "install a C compiler, make and CMake",
          null);
    }
  }

  /** What somebody changed by hand may be wrong. */
  private <T> T stored(String condition, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (ConfigException e) {
      throw place("conditions." + condition).error(String.valueOf(e.getMessage()), e);
    }
  }

  private Place place(String key) {
    return new Place.InFile(file, 0, key);
  }
}
