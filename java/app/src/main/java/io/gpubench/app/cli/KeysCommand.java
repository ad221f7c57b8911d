// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.UserKey;
import io.gpubench.measure.seal.SignerKey;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The keys that sign evidence; does nothing by itself. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = {
      "Make or show the key that signs the evidence of runs.",
      "%nA run is signed when there is a key: the user's, in $XDG_CONFIG_HOME/gpubench, or else"
          + " ~/.config/gpubench, or the one that --key names."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeysCommand.Create.class, KeysCommand.Show.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench keys create",
      "  gpubench keys show > alice.pem          for those who verify your runs",
      "",
      "Exit codes: 0 ok, 2 usage, or there is no usable key."
    })
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: create or show");
  }

  /** Which key. */
  static final class KeyOption {
    @Option(
        names = "--key",
        paramLabel = "FILE",
        description =
            "The private key's file (default: key.pem in $XDG_CONFIG_HOME/gpubench, or else in"
                + " ~/.config/gpubench). The public key lies beside it.")
    private @Nullable Path file;
  }

  /** Makes a key, and says what to do with it. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make an Ed25519 key that only its owner may read. Nothing is overwritten.",
      footerHeading = "%nExamples:%n",
      footer = {"  gpubench keys create", "  gpubench keys create --key ci.pem"})
  static final class Create implements Callable<Integer> {
    private final App app;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private KeyOption key = new KeyOption();

    Create(App app) {
      this.app = app;
    }

    @Override
    public Integer call() {
      Path file = UserKey.file(key.file, app.environment());
      SignerKey signer = SigningKey.create(file).signer();
      app.out().println("private key: " + file);
      app.out().println("public key:  " + SigningKey.publicFile(file));
      app.out().println("fingerprint: " + signer.fingerprint());
      app.out()
          .println(
              use(file)
                  + " Keep the private key to yourself; give the public key, or the fingerprint, to"
                  + " those who verify your runs.");
      return ExitCode.OK.number;
    }

    private String use(Path file) {
      if (key.file == null) {
        return "Runs are signed with it from now on.";
      }
      return spec.commandLine().getParseResult().hasMatchedOption("--key")
          ? "Runs with --key " + file + " are signed with it."
          : "Runs are signed with it as long as GPUBENCH_KEY names it.";
    }
  }

  /** Prints the public key. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print the fingerprint and the public key, to be given to others.",
      footerHeading = "%nExamples:%n",
      footer = {"  gpubench keys show > alice.pem", "  gpubench keys show --key ci.pem"})
  static final class Show implements Callable<Integer> {
    private final App app;

    @Mixin private KeyOption key = new KeyOption();

    Show(App app) {
      this.app = app;
    }

    @Override
    public Integer call() {
      SignerKey signer = SigningKey.load(UserKey.file(key.file, app.environment())).signer();
      app.out().println("# public key of a signer of gpubench evidence");
      app.out().println("# " + signer.fingerprint());
      app.out().print(signer.pem());
      return ExitCode.OK.number;
    }
  }
}
