// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.CurvesCsv;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a stored run, finished or cut off. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a run directory, also one that was cut off by a crash or a kill.",
    footerHeading = "%nExample:%n",
    footer = "  gpubench show results/20261121T035622Z-default-3f9a1c --format csv")
final class ShowCommand implements Callable<Integer> {
  private final App app;

  @Parameters(paramLabel = "DIR", description = "The run directory.")
  private Path directory = Path.of(".");

  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--curves",
      description =
          "Instead, as CSV, what a table says of the curves of a sweep: how time and throughput grow, with"
              + " intervals, the knees, and what more threads, streams or GPUs bring.")
  private boolean curves;

  ShowCommand(App app) {
    this.app = app;
  }

  /** The same exit code as that of the run itself, so that a script can ask later. */
  @Override
  public Integer call() throws ResultFormatException {
    RunDocument run = RunReader.read(directory);
    app.out().print(curves ? CurvesCsv.of(run) : format.render(run));
    return ExitCode.of(run).number;
  }
}
