// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top of the command line; does nothing by itself. */
@Command(
    name = "gpubench",
    mixinStandardHelpOptions = true,
    versionProvider = ToolVersion.class,
    description = "Measures GPU performance claims and says, with evidence, whether they hold.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      DuetCommand.class,
      CompareCommand.class,
      GateCommand.class,
      ReplayCommand.class,
      ShowCommand.class,
      VerifyCommand.class,
      ProfileCommand.class,
      PlacementCommand.class,
      CalibrateCommand.class,
      CeilingsCommand.class,
      ListCommand.class,
      KeysCommand.class,
      DoctorCommand.class,
      MonitorCommand.class,
      CheckCommand.class,
      ConformanceCommand.class,
      WorkerServeCommand.class,
      BundleCommand.class,
      GenerateCompletion.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench run                            measure the default suite, about a minute",
      "  gpubench run consensus --set consensus.validators=1024:65536:x4",
      "  gpubench run --profile standard --format json > run.json",
      "  gpubench validate                       do the claims of configs/claims hold?",
      "  gpubench duet engine=host engine=java   two configurations in turn, despite noise",
      "  gpubench compare engine=host engine=java  which is faster? decided, with its error known",
      "  gpubench gate --baseline origin/main    is this version slower than that one?",
      "  gpubench replay results/RUN             repeat a stored run",
      "  gpubench keys create                    sign the evidence of your runs from now on",
      "  gpubench verify results                 is stored evidence what was measured?",
      "  gpubench profile results/RUN --with ncu look into a kernel of a stored run",
      "  gpubench placement                      by which path pages are best moved",
      "  gpubench calibrate                      how often comparisons are wrong on this machine",
      "  gpubench ceilings                       what this machine can do at all",
      "  gpubench plan --profile full            what would run, and for how long",
      "  gpubench check my.cu                    find races and overruns in kernels, without a GPU",
      "  gpubench doctor                         what this machine has and lacks",
      "  gpubench monitor                        what its sensors say, once a second",
      "",
      "Every option can also be given as a variable: GPUBENCH_PROFILE=full for --profile full.",
      "Exit codes: 0 ok, 1 internal error, 2 usage or configuration, 3 hardware, library or",
      "store unavailable, 4 incorrect result, 5 claim refuted or regression, 6 inconclusive,",
      "7 evidence does not verify, 130 interrupted."
    })
final class GpubenchCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = "Show the stack trace of an error.")
  boolean verbose;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
