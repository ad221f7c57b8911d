// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.run.Cancellation;
import java.util.concurrent.Callable;
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
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = store.journey(app, spec.commandLine(), sharing, interrupt, true);
      SuiteRequest request =
          options.request(app, conditions.coolDown(), conditions.orderSeed(), ceilings.use());
      return ExitCode.of(request.measure(journey)).number;
    }
  }
}
