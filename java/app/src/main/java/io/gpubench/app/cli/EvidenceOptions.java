// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.UserKey;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Where evidence goes and who signs it: the options of every command that measures. */
final class EvidenceOptions {
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

  /** Each run makes its own directory in it. */
  Path store() {
    return store;
  }

  /**
   * The key that is to sign; null for none. To be asked before anything is measured.
   *
   * @throws ConfigException when a key is there and cannot be used
   */
  private @Nullable SigningKey signingKey(App app, CommandLine command) {
    ParseResult given = command.getParseResult();
    boolean named = given.hasMatchedOption("--key");
    if (named && given.hasMatchedOption("--no-key")) {
      throw new ConfigException("--key and --no-key cannot be combined; leave one out");
    }
    if (noKey && !named) { // the command line wins over a variable
      return null;
    }
    return UserKey.toSign(key, app.environment()).orElse(null);
  }

  /**
   * What surrounds a measurement whose runs are not printed: progress and where the evidence is go
   * to stderr.
   *
   * @throws ConfigException when a key is there and cannot be used
   */
  Journey journey(App app, CommandLine command, SharingOptions sharing, Interrupt interrupt) {
    return journey(app, command, sharing, interrupt, new FormatOption(), false);
  }

  /**
   * What surrounds a measurement that a command is asked for.
   *
   * @param shown whether its result is printed
   * @throws ConfigException when a key is there and cannot be used
   */
  Journey journey(
      App app,
      CommandLine command,
      SharingOptions sharing,
      Interrupt interrupt,
      FormatOption format,
      boolean shown) {
    return new Journey(
        app.installation(),
        command.getCommandSpec().root().commandLine().getParseResult().originalArgs(),
        List.of(),
        sharing.sharing(),
        store,
        signingKey(app, command),
        interrupt.cancellation(),
        new ConsoleListener(app, command, format, interrupt, shown));
  }
}
