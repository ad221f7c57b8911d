// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.JudgedCase;
import java.util.List;
import picocli.CommandLine.Option;

/** What becomes of what nobody can tell: the option of every command that judges. */
final class OnInconclusive {
  @Option(
      names = "--on-inconclusive",
      paramLabel = "pass|fail|report",
      defaultValue = "report",
      description =
          "How to end when there is not enough to tell: pass as if all were well (0), fail (5), or report it with"
              + " an exit code of its own (6; default: ${DEFAULT-VALUE}).")
  private Choice choice = Choice.report;

  /** Named as on the command line. */
  enum Choice {
    pass,
    fail,
    report
  }

  /**
   * The code that counts. To be asked for each verdict, before the worst of them decides.
   *
   * @param code any; all but {@link ExitCode#INCONCLUSIVE} stay
   */
  ExitCode code(ExitCode code) {
    if (code != ExitCode.INCONCLUSIVE) {
      return code;
    }
    return switch (choice) {
      case pass -> ExitCode.OK;
      case fail -> ExitCode.REFUTED;
      case report -> code;
    };
  }

  /** The cases for a reader that knows failures only: where open is to fail, it has failed. */
  List<JudgedCase> cases(List<JudgedCase> cases) {
    return choice == Choice.fail ? cases.stream().map(JudgedCase::decided).toList() : cases;
  }

  /** As it was asked for. */
  Choice choice() {
    return choice;
  }
}
