// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.DuetRequest;
import io.gpubench.app.measuring.Journey;
import io.gpubench.measure.run.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two configurations by duets, and keeps the evidence. */
@Command(
    name = "duet",
    mixinStandardHelpOptions = true,
    description = {
      "Compare two configurations, A and B: fresh processes of both measure in turn, a few"
          + " milliseconds each, so that the noise of the machine meets both alike.",
      "",
      "A SIDE is a list of settings, separated by commas: engine, path, device, threads, and values"
          + " of parameters, such as consensus.tags=none. slowdown=1.10 makes each sample of a side"
          + " take 1.10 times its own time, on purpose."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench duet engine=host engine=java",
      "  gpubench duet engine=host engine=host      two equal sides: how much is noise?",
      "  gpubench duet engine=host engine=host,consensus.tags=none consensus --duets 16",
      "  gpubench duet engine=host,threads=1 engine=host,threads=2 --set consensus.validators=50000"
    })
final class DuetCommand implements Callable<Integer> {
  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SIDE", description = "A, such as engine=host,path=call.")
  private String sideA = "";

  @Parameters(index = "1", paramLabel = "SIDE", description = "B, which is compared with A.")
  private String sideB = "";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "WORKLOAD",
      description = "Workloads to compare with (default: all that both sides can run).")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--duets",
      paramLabel = "N",
      defaultValue = "8",
      description = "So many duets, each of fresh processes (default: ${DEFAULT-VALUE}).")
  private int duets = 8;

  @Mixin private DuetOptions playing = new DuetOptions();

  @Mixin private MeasuringOptions options = new MeasuringOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  DuetCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = store.journey(app, spec.commandLine(), sharing, interrupt, true);
      var request =
          new DuetRequest(
              sideA,
              sideB,
              workloads,
              duets,
              playing.samples(),
              playing.slice(),
              options.profile(),
              options.settings(),
              options.seed(),
              options.workplace(app),
              conditions.coolDown(),
              conditions.orderSeed(),
              ceilings.use(),
              "duet",
              null,
              List.of());
      return ExitCode.of(request.measure(journey)).number;
    }
  }
}
