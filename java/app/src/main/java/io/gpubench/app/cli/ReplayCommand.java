// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.Replay;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.report.ReplayTable;
import io.gpubench.measure.run.Cancellation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Repeats a stored run, and keeps the evidence like any other. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Repeat a stored run: the same plan with the same inputs, on the same engines, by as many processes in"
          + " the same order, whatever the configuration says today. A run that was interrupted is repeated as"
          + " it was planned.",
      "",
      "What is not as it was, such as the machine or a kernel, is said and recorded. The medians of both runs"
          + " are shown side by side; two runs of one thing differ by what the machine did meanwhile."
    },
    footerHeading = "%nExample:%n",
    footer = "  gpubench replay results/20261121T035622Z-default-3f9a1c")
final class ReplayCommand implements Callable<Integer> {
  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The directory of the run to repeat.")
  private Path directory = Path.of(".");

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  ReplayCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = store.journey(app, spec.commandLine(), sharing, interrupt, true);
      var replay = new Replay(app.installation(), directory);
      StoredRun repeated = replay.measure(journey, ceilings.use());
      app.err().print("\n" + ReplayTable.of(replay.original(), repeated.document()));
      app.err().flush();
      return ExitCode.of(repeated).number;
    }
  }
}
