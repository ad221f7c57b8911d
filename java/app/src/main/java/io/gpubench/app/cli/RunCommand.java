// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  RunCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    SigningKey signingKey = store.signingKey(app, spec.commandLine());
    var cancellation = new Cancellation();
    Workplace workplace = options.workplace(app);
    try (Measurers measurers = options.measurers(app, workplace, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      sharing.awaitProcessors(workplace.usable(), app.err(), cancellation);
      SuiteOptions.Prepared prepared = options.prepare(app, workplace, measurers);
      prepared
          .engines()
          .forEach((id, selection) -> app.err().println("engine " + id + ": " + selection.why()));
      ReadyRun ready = ready(prepared, workplace);
      ready.announce(app.err());
      return ready
          .measure(app, spec.commandLine(), sharing, store, signingKey, interrupt, true)
          .exit()
          .number;
    }
  }

  private ReadyRun ready(SuiteOptions.Prepared prepared, Workplace workplace) {
    List<PlannedRun> runs = prepared.plan().runs();
    return new ReadyRun(
        prepared.suite(),
        prepared.profile().name(),
        new Task.Suite(runs, workplace.isolated() ? (Long) conditions.orderSeed() : null),
        runs.stream()
            .collect(
                Collectors.toMap(
                    PlannedRun::id,
                    run -> Objects.requireNonNull(prepared.engines().get(run.engine())))),
        prepared.facts(),
        workplace,
        conditions.coolDown(),
        null,
        List.of(),
        ceilings);
  }
}
