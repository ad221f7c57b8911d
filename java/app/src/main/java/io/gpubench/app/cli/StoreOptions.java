// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Where evidence goes and how it is shown: the options of every command that measures. */
final class StoreOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description =
          "The store; each run makes its own directory in it (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Sign with this private key (default: the one of 'gpubench keys create', where there is"
              + " one).")
  private @Nullable Path key;

  @Option(names = "--no-key", description = "Leave the run unsigned.")
  private boolean noKey;

  @Mixin private FormatOption format = new FormatOption();

  /**
   * What became of a run, and with what the process is to end.
   *
   * @param directory of the run
   * @param sealed whether it has a manifest
   */
  record Kept(RunDocument document, ExitCode exit, Path directory, boolean sealed) {}

  /**
   * The key that is to sign; null for none. To be asked before anything is measured.
   *
   * @throws ConfigException when a key is there and cannot be used
   */
  @Nullable SigningKey signingKey(App app, CommandLine command) {
    ParseResult given = command.getParseResult();
    boolean named = given.hasMatchedOption("--key");
    if (named && given.hasMatchedOption("--no-key")) {
      throw new ConfigException("--key and --no-key cannot be combined; leave one out");
    }
    if (noKey && !named) { // the command line wins over a variable
      return null;
    }
    return Optional.ofNullable(key)
        .or(() ->
            UserKey.file(app.environment())
                .filter(file -> !Files.notExists(file, LinkOption.NOFOLLOW_LINKS)))
        .map(SigningKey::load)
        .orElse(null);
  }

  /**
   * Makes the directory of a run, lets something be measured into it, and shows what came of it.
   *
   * @param document what is known before
   * @param signingKey see {@link #signingKey}
   * @param shown whether it is printed
   * @param work measures and finishes the directory
   */
  Kept keep(
      App app,
      CommandLine command,
      RunDocument document,
      @Nullable SigningKey signingKey,
      Interrupt interrupt,
      boolean shown,
      Consumer<RunWriter> work) {
    Path rescueRoot = Path.of(System.getProperty("java.io.tmpdir"));
    try (var writer = RunWriter.create(store, rescueRoot, document, signingKey)) {
      try {
        work.accept(writer);
      } catch (StoreException e) {
        show(app, writer, shown);
        GpubenchMain.report(app, e, command, "");
        return kept(writer, ExitCode.worst(ExitCode.of(e), ExitCode.of(writer.document())));
      }
      show(app, writer, shown);
      if (interrupt.fired()) {
        app.err().println("gpubench: interrupted; what was measured is kept");
      }
      app.err().println("evidence: " + writer.directory() + seal(writer));
      app.err().flush();
      return kept(writer, ExitCode.of(writer.document()));
    }
  }

  /** As what a result is printed. */
  FormatOption.Format format() {
    return format.format();
  }

  private static Kept kept(RunWriter writer, ExitCode exit) {
    return new Kept(writer.document(), exit, writer.directory(), writer.manifest().isPresent());
  }

  private static String seal(RunWriter writer) {
    return writer
        .manifest()
        .map(manifest ->
            manifest.signer() == null ? ", sealed" : ", sealed and signed by " + manifest.signer())
        .orElse("");
  }

  private void show(App app, RunWriter writer, boolean shown) {
    if (!shown) {
      return;
    }
    app.out().print(format.render(writer.document()));
    app.out().flush();
  }
}
