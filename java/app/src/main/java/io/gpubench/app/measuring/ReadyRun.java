// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.faults.InjectedFaults;
import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.onlookers.FlightRecording;
import io.gpubench.app.onlookers.Onlookers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.suite.Workbench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was decided before anything is measured. Owns nothing: where engines are opened
 * is closed by who made it.
 *
 * @param suite name of what is measured
 * @param profile name of how thoroughly
 * @param engines on which to measure, by the id of the planned run
 * @param facts of this machine
 * @param coolDown awaited before each process
 * @param replayOf id of the run that is repeated; null for none
 * @param notes what a reader of the run should know, a line each
 * @param ceilings to which its records are related; null for none
 */
record ReadyRun(
    String suite,
    String profile,
    Task task,
    Map<String, Selection> engines,
    MachineFacts facts,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable String replayOf,
    List<String> notes,
    @Nullable CeilingUse ceilings) {

  /** Says what is going to be measured, and for how long. */
  void announce(Listener listener) {
    notes.forEach(note -> listener.say("NOTE: " + note));
    listener.say(
        (replayOf == null ? "" : "replaying " + replayOf + ": ")
            + task.size()
            + ", at most "
            + Durations.format(task.budget()));
  }

  /**
   * Secures the devices, and measures into a new directory of the store.
   *
   * @throws ConfigException when a temperature is to be waited for and there is no sensor
   * @throws EngineException when that is so in a replay, or somebody uses a device
   */
  StoredRun measure(Journey journey) {
    Path recordings = workplace.recordings();
    if (recordings == null) {
      return measureSeen(journey);
    }
    try (var _ = FlightRecording.start(recordings)) {
      return measureSeen(journey);
    }
  }

  private StoredRun measureSeen(Journey journey) {
    Onlookers.admit(journey.installation().environment());
    List<Selection> selections = selections();
    demandSensors(selections);
    try (var secured =
        journey
            .sharing()
            .secure(selections, workplace.usable(), journey.listener(), journey.cancellation())) {
      return measureSecured(journey, secured);
    }
  }

  /** The same where the devices are secured. */
  private StoredRun measureSecured(Journey journey, Sharing.Secured secured) {
    RunDocument document =
        NewRun.document(
            suite,
            profile,
            task.budget(),
            journey.argv(),
            selections().stream()
                .map(
                    chosen -> NewRun.choice(chosen, journey.installation().contents(), task.runs()))
                .distinct()
                .toList(),
            conditions(journey, secured),
            task.runs(),
            task.comparisons());
    Workbench.Epilogue epilogue =
        ceilings == null
            ? Workbench.Epilogue.NONE
            : new CeilingEpilogue(
                ceilings,
                engines,
                workplace,
                ready -> ready.measureSecured(journey.nested(), secured),
                journey);
    return StoredRun.keep(
        journey,
        document,
        writer ->
            task.measure(
                new Workbench(
                    turn -> engine(turn.run()).open(turn.repetition()),
                    writer,
                    facts,
                    coolDown,
                    journey.cancellation(),
                    epilogue,
                    workplace.isolated()),
                journey.listener()));
  }

  /** In the order of the plan. */
  private List<Selection> selections() {
    return task.runs().stream().map(this::engine).distinct().toList();
  }

  private void demandSensors(List<Selection> selections) {
    for (Selection selection : selections) {
      if (!(coolDown instanceof CoolDown.Temperature)
          || selection.telemetry().temperatureCelsius() != null) {
        continue;
      }
      String lacking =
          "the engine '%s' has no temperature sensor here".formatted(selection.engine().id());
      if (replayOf == null) {
        throw new ConfigException(
            "--cool-down %s: %s; give a time, such as 5s".formatted(coolDown, lacking));
      }
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "%s: its processes waited for %s, and %s".formatted(replayOf, coolDown, lacking),
          null,
          null);
    }
  }

  private Selection engine(PlannedRun run) {
    return Objects.requireNonNull(engines.get(run.id()));
  }

  /** Which runs are slowed down on purpose, a line each. */
  private List<String> slowdowns() {
    var lines = new ArrayList<String>();
    for (PlannedRun run : task.runs()) {
      Slowdown slowdown = engine(run).measurers().slowdown();
      if (slowdown != null) {
        lines.add(run.id() + ": " + slowdown.note());
      }
    }
    return lines;
  }

  private Conditions conditions(Journey journey, Sharing.Secured secured) {
    var allNotes = new ArrayList<>(notes);
    allNotes.addAll(journey.notes());
    allNotes.addAll(secured.notes());
    if (workplace.recordings() != null) {
      allNotes.add(FlightRecording.NOTE);
    }
    allNotes.addAll(slowdowns());
    String set = journey.installation().environment().getOrDefault(InjectedFaults.VARIABLE, "");
    if (workplace.faults() == null
        && !set.isEmpty()
        && engines.values().stream().anyMatch(engine -> engine.facts().synthetic())) {
      allNotes.add(
          "the simulated device had faults by %s: %s".formatted(InjectedFaults.VARIABLE, set));
    }
    return new Conditions(
        workplace.isolated() ? Conditions.WORKERS : Conditions.IN_PROCESS,
        task.runs().stream().mapToInt(PlannedRun::repetitions).max().orElse(1),
        task.seed(),
        workplace.cpus() == null ? null : workplace.cpus().toString(),
        coolDown instanceof CoolDown.None ? null : coolDown.toString(),
        secured.overridden(),
        allNotes,
        workplace.timeoutSeconds(),
        replayOf,
        workplace.faults() == null ? null : workplace.faults().faults());
  }
}
