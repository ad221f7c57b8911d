// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.profiling.Handover;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands one sample of a stored record over to a profiler. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = {
      "Print the command that profiles one sample of a stored record on this machine, or run it: the same"
          + " workload with the same inputs, in a process that prepares it, warms up a little, executes one"
          + " sample where the profiler looks, checks its answer and ends.",
      "",
      "ncu (Nsight Compute) tells what a kernel does inside, nsys (Nsight Systems) what host and device do"
          + " when. No time that a profiler shows is a measurement."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench profile results/20261121T035622Z-default-3f9a1c/consensus-cuda-launch-3fa94c21b07e \\",
      "    --with ncu",
      "  gpubench profile results/20261121T035622Z-default-3f9a1c --with nsys --run"
    })
final class ProfileCommand implements Callable<Integer> {
  private final App app;

  @Parameters(
      paramLabel = "RECORD",
      description =
          "A run directory with the record's id after it, RUN/ID; or a run directory with one record.")
  private Path place = Path.of(".");

  @Option(
      names = "--record",
      paramLabel = "ID",
      description = "The id of a record of the run directory RECORD, as run.json has it.")
  private @Nullable String record;

  @Option(
      names = "--with",
      paramLabel = "PROFILER",
      required = true,
      completionCandidates = Profilers.class,
      description = "ncu for a kernel's inside, nsys for the line of time.")
  private String with = "";

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "Look at this kernel only; ncu alone.")
  private @Nullable String kernel;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The report (default: ID.ncu-rep or ID.nsys-rep in the current folder).")
  private @Nullable Path output;

  @Option(names = "--run", description = "Run the command instead of printing it.")
  private boolean run;

  ProfileCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws InterruptedException {
    var handover = new Handover(app.installation(), place, record, with, kernel, output);
    handover.notes().forEach(note -> app.err().println("NOTE: " + note));
    app.err().flush();
    if (!run) {
      app.out().println(handover.commandLine());
      return ExitCode.OK.number;
    }
    try {
      app.out().println(handover.run(app.environment()));
      return ExitCode.OK.number;
    } catch (Handover.WrongAnswer _) {
      return ExitCode.INCORRECT.number;
    }
  }

  /** For completion. */
  private static final class Profilers extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Profilers() {
      super(Handover.profilers());
    }
  }
}
