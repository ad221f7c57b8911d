// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Listener;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.measure.duet.DuetListener;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.Turn;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/**
 * Shows on stderr how a measurement gets on, and what came of it on stdout.
 *
 * @param command which measures
 * @param shown whether results are printed
 */
record ConsoleListener(
    App app, CommandLine command, FormatOption format, Interrupt interrupt, boolean shown)
    implements Listener {

  @Override
  public void say(String line) {
    app.err().println(line);
    app.err().flush();
  }

  @Override
  public void suite(List<Turn> turns, Consumer<SuiteListener> measuring) {
    try (var progress = new Progress(app.err(), app.terminal().progressBar(), turns)) {
      measuring.accept(progress);
    }
  }

  @Override
  public void duets(List<DuetPlan> plans, Consumer<DuetListener> measuring) {
    try (var progress = new DuetProgress(app.err(), app.terminal().progressBar(), plans)) {
      measuring.accept(progress);
    }
  }

  @Override
  public void kept(StoredRun run) {
    if (shown) {
      app.out().print(format.render(run.document()));
      app.out().flush();
    }
    if (run.failure() != null) {
      GpubenchMain.report(app, run.failure(), command, "");
      return;
    }
    if (interrupt.fired()) {
      app.err().println("gpubench: interrupted; what was measured is kept");
    }
    say("evidence: " + run.directory() + seal(run));
  }

  @Override
  public ConsoleListener nested() {
    return new ConsoleListener(app, command, format, interrupt, false);
  }

  private static String seal(StoredRun run) {
    Manifest manifest = run.manifest();
    return manifest == null
        ? ""
        : manifest.signer() == null ? ", sealed" : ", sealed and signed by " + manifest.signer();
  }
}
