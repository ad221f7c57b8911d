// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.faults.InjectedFaults;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.suite.Workbench;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

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
    @Nullable CeilingOptions ceilings) {

  /** Says on stderr what is going to be measured, and for how long. */
  void announce(PrintWriter err) {
    notes.forEach(note -> err.println("NOTE: " + note));
    err.println(
        (replayOf == null ? "" : "replaying " + replayOf + ": ")
            + task.size()
            + ", at most "
            + Durations.format(task.budget()));
    err.flush();
  }

  /**
   * Secures the devices, measures into a new directory of the store, and shows what came of it.
   *
   * @param command any of the command line
   * @param signingKey see {@link StoreOptions#signingKey}
   * @param shown whether the result is printed
   * @throws ConfigException when a temperature is to be waited for and there is no sensor
   * @throws EngineException when that is so in a replay, or somebody uses a device
   */
  StoreOptions.Kept measure(
      App app,
      CommandLine command,
      SharingOptions sharing,
      StoreOptions store,
      @Nullable SigningKey signingKey,
      Interrupt interrupt,
      boolean shown) {
    Cancellation cancellation = interrupt.cancellation();
    List<Selection> selections =
        task.runs().stream().map(this::engine).distinct().toList(); // in the order of the plan
    demandSensors(selections);
    try (var secured = sharing.secure(selections, workplace.usable(), app.err(), cancellation)) {
      return measureSecured(app, command, store, signingKey, interrupt, secured, shown);
    }
  }

  /**
   * The same where the devices are secured.
   *
   * @param shown whether the result is printed
   */
  StoreOptions.Kept measureSecured(
      App app,
      CommandLine command,
      StoreOptions store,
      @Nullable SigningKey signingKey,
      Interrupt interrupt,
      SharingOptions.Secured secured,
      boolean shown) {
    RunDocument document =
        NewRun.document(
            suite,
            profile,
            task.budget(),
            command,
            task.runs().stream()
                .map(this::engine)
                .distinct()
                .map(NewRun::choice)
                .distinct()
                .toList(),
            conditions(app, secured),
            task.runs(),
            task.comparisons());
    Workbench.Epilogue epilogue =
        ceilings == null
            ? Workbench.Epilogue.NONE
            : new CeilingEpilogue(
                ceilings,
                engines,
                workplace,
                ready ->
                    ready.measureSecured(
                        app, command, store, signingKey, interrupt, secured, false),
                app,
                interrupt.cancellation());
    return store.keep(
        app,
        command,
        document,
        signingKey,
        interrupt,
        shown,
        writer ->
            task.measure(
                app,
                new Workbench(
                    turn -> engine(turn.run()).open(turn.repetition()),
                    writer,
                    facts,
                    coolDown,
                    interrupt.cancellation(),
                    epilogue)));
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

  private Conditions conditions(App app, SharingOptions.Secured secured) {
    var allNotes = new ArrayList<>(notes);
    allNotes.addAll(secured.notes());
    String set = app.environment().getOrDefault(InjectedFaults.VARIABLE, "");
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
