// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;

/** Runs what every start of gpubench runs, so that the AOT cache holds it loaded and linked. */
public final class AotTraining {
  private AotTraining() {}

  /** Runs the commands once; their output goes nowhere. */
  public static void main(String[] args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    new CommandLine(new GpubenchMain()).setOut(nowhere).setErr(nowhere).execute("--help");
  }
}
