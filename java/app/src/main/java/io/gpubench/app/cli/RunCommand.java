// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures, and keeps the evidence in a new directory of the store. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Measure a suite, or the workloads named, and keep the evidence in the store.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench run",
      "  gpubench run consensus --engine java --profile standard",
      "  gpubench run consensus --set consensus.validators=1024:65536:x4 --set consensus.tags=none",
      "  gpubench run --samples 5000 --format csv > run.csv"
    })
final class RunCommand implements Callable<Integer> {
  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SuiteOptions options = new SuiteOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  RunCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    SigningKey signingKey = store.signingKey(app, spec.commandLine());
    var cancellation = new Cancellation();
    try (Measurers measurers = options.measurers(app, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      conditions.awaitProcessors(options.usable(), app.err(), cancellation);
      SuiteOptions.Prepared prepared = options.prepare(app, measurers);
      announce(prepared);
      try (var secured =
          conditions.secure(
              prepared.engines().values(), prepared.cpus(), app.err(), cancellation)) {
        return measure(prepared, measurers, secured, signingKey, cancellation, interrupt);
      }
    }
  }

  private void announce(SuiteOptions.Prepared prepared) {
    List<PlannedRun> plan = prepared.plan().runs();
    prepared
        .engines()
        .forEach((id, selection) -> app.err().println("engine " + id + ": " + selection.why()));
    app.err()
        .println(
            PlanCommand.size(plan) + ", at most " + Durations.format(prepared.plan().budget()));
    app.err().flush();
  }

  private int measure(
      SuiteOptions.Prepared prepared,
      Measurers measurers,
      ConditionOptions.Secured secured,
      @Nullable SigningKey signingKey,
      Cancellation cancellation,
      Interrupt interrupt) {
    List<PlannedRun> plan = prepared.plan().runs();
    long orderSeed = conditions.orderSeed();
    List<Turn> turns = options.isolated() ? Turn.shuffled(plan, orderSeed) : Turn.inOrder(plan);
    RunDocument document =
        NewRun.document(
            prepared.suite(),
            prepared.profile().name(),
            prepared.plan().budget(),
            spec.commandLine(),
            prepared.engines().values().stream()
                .map(chosen -> NewRun.choice(chosen, measurers))
                .toList(),
            new Conditions(
                options.isolated() ? Conditions.WORKERS : Conditions.IN_PROCESS,
                plan.stream().mapToInt(PlannedRun::repetitions).max().orElse(1),
                options.isolated() ? (Long) orderSeed : null,
                options.boundTo() == null ? null : prepared.cpus().toString(),
                conditions.coolDownText(),
                secured.overridden(),
                secured.notes(),
                options.timeoutSeconds(),
                null),
            plan);
    Workbench.Source source =
        run ->
            measurers.open(Objects.requireNonNull(prepared.engines().get(run.engine())).engine());
    return store.keep(
        app,
        spec.commandLine(),
        document,
        signingKey,
        interrupt,
        writer -> {
          var bench =
              new Workbench(source, writer, prepared.facts(), conditions.coolDown(), cancellation);
          try (var progress = new Progress(app.err(), app.terminal().progressBar(), turns)) {
            new SuiteRunner(bench, progress).run(turns);
          }
        });
  }
}
