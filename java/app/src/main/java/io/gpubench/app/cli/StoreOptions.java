// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where evidence goes and how it is shown: the options of every command that measures. */
final class StoreOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description =
          "The store; each run makes its own directory in it (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  @Mixin private FormatOption format = new FormatOption();

  /**
   * Makes the directory of a run, lets something be measured into it, and shows what came of it.
   *
   * @param document what is known before
   * @param work measures and finishes the directory
   * @return what became of it; its exit code is that of {@link ExitCode#of(RunDocument)}
   */
  RunDocument keep(
      App app,
      CommandLine command,
      RunDocument document,
      Interrupt interrupt,
      Consumer<RunWriter> work) {
    try (var writer =
        RunWriter.create(store, Path.of(System.getProperty("java.io.tmpdir")), document)) {
      try {
        work.accept(writer);
      } catch (StoreException e) {
        show(app, writer);
        GpubenchMain.report(app, e, command, "");
        return writer.document();
      }
      show(app, writer);
      if (interrupt.fired()) {
        app.err().println("gpubench: interrupted; what was measured is kept");
      }
      app.err().println("evidence: " + writer.directory());
      app.err().flush();
      return writer.document();
    }
  }

  private void show(App app, RunWriter writer) {
    app.out().print(format.render(writer.document()));
    app.out().flush();
  }
}
