// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CallSweep.Result;
import io.gpubench.app.workers.Guard;
import io.gpubench.app.workers.WorkerMain;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import io.gpubench.measure.worker.InputFolder;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.Worker;
import io.gpubench.measure.worker.WorkerCommand;
import io.gpubench.measure.worker.WorkerException;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Workers of the simulated device, started from this process, as gpubench does: what a run needs
 * besides would take longer than they.
 */
final class SimulatedWorkers {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();
  private static final StoppingRule RULE = new StoppingRule(4, 4, 0, 5_000_000_000L, 0.5, 1, 0, 0);

  private final Path folder;
  private final OwnProcess processes;
  private final Path trace;
  private final RunDocument original;
  private final MachineFacts facts = Machine.facts(null);

  /**
   * Sets it up.
   *
   * @param folder where workers run
   * @param processes how they are marked and started
   * @param trace of their calls
   * @param original a run of one process, whose engine and conditions are these
   */
  SimulatedWorkers(Path folder, OwnProcess processes, Path trace, RunDocument original) {
    this.folder = folder;
    this.processes = processes;
    this.trace = trace;
    this.original = original;
  }

  /** Opens the engine and asks for its self-check. */
  Result check(Map<String, String> environment) {
    try (var inputs = new InputFolder(folder);
        Worker worker = start(environment, inputs)) {
      SelfCheck check = worker.selfCheck();
      return new Result(check.passed() ? 0 : 3, check.detail());
    } catch (WorkerException e) {
      return new Result(3, "gpubench: " + e.getMessage());
    }
  }

  /** Measures a run into a store. */
  Result measure(String path, Path store, Map<String, String> environment) {
    PlannedRun run = planned(path);
    RunDocument document = document(run);
    try (var inputs = new InputFolder(folder);
        RunWriter writer = RunWriter.create(store, folder, document, null)) {
      var bench =
          new Workbench(
              _ -> start(environment, inputs),
              writer,
              facts,
              new CoolDown.None(),
              new Cancellation());
      new SuiteRunner(bench, new Quiet()).run(Turn.inOrder(List.of(run)));
      return new Result(ExitCode.of(writer.document()).number, "");
    }
  }

  private Worker start(Map<String, String> environment, InputFolder inputs) {
    var variables = new HashMap<>(environment);
    variables.putAll(processes.marked());
    variables.put("GPUBENCH_SIM_TRACE", trace.toString());
    var command =
        new WorkerCommand(
            processes.main(WorkerMain.class).command("cuda"),
            variables,
            folder,
            Guard.below(CommandLineFixture.ROOT).orElseThrow(),
            null);
    Map<Step, Duration> patience =
        Map.of(Step.PREPARE, PATIENCE, Step.VERIFY, PATIENCE, Step.MEASURE, PATIENCE);
    return Worker.start(
        new Worker.Launch("cuda", command, patience, false, 1, "sim", false),
        inputs,
        new Cancellation());
  }

  private static PlannedRun planned(String path) {
    var values = new LinkedHashMap<>(WORKLOAD.defaults().asMap());
    values.put("validators", 100L);
    return new PlannedRun(
        PlannedRun.id(WORKLOAD.id(), "cuda", Mode.of(path), values),
        WORKLOAD,
        "cuda",
        Mode.of(path),
        new ParameterValues(values),
        RULE,
        1 << 20,
        1,
        Duration.ofSeconds(10));
  }

  private RunDocument document(PlannedRun run) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new RunDocument(
        original.schema(),
        STAMP.format(now) + "-sweep-%06x".formatted(NUMBER.incrementAndGet()),
        RunDocument.RUNNING,
        null,
        ProcessHandle.current().pid(),
        "sweep",
        original.profile(),
        now.toString(),
        null,
        null,
        run.budget().toMillis() / 1e3,
        original.tool(),
        original.argv(),
        original.engines(),
        original.conditions(),
        original.environment(),
        List.of(
            new RunDocument.Planned(
                run.id(),
                WORKLOAD.id(),
                run.engine(),
                run.path(),
                run.values().asMap(),
                new RunDocument.Effort(1, run.budget().toNanos(), run.stoppingRule()))),
        List.of());
  }

  private static final class Quiet implements SuiteListener {
    @Override
    public Observer started(Turn turn, int index, int total) {
      return Observer.NONE;
    }

    @Override
    public void ended(Turn turn, ResultRecord result) {}

    @Override
    public void leftOut(Turn turn) {}
  }
}
