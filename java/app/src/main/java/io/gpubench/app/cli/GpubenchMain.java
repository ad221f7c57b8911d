// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the launcher: a command that knows its help and nothing else yet. */
@Command(
    name = "gpubench",
    mixinStandardHelpOptions = true,
    version = "gpubench 0.1.0-SNAPSHOT",
    description = "Measures GPU performance claims and says, with evidence, whether they hold.")
public final class GpubenchMain {
  GpubenchMain() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new GpubenchMain()).execute(args));
  }
}
