// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.plugins.Installed;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.Names;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The process: builds the command line, runs it, and turns what went wrong into one line and an
 * exit code.
 */
public final class GpubenchMain {
  private GpubenchMain() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // numbers look the same everywhere
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
    int code = execute(app(System.getenv(), Terminal.detect(), out, err), args);
    if (code != 0) { // a plain return is the faster way to end with 0
      System.exit(code);
    }
  }

  /** The app with everything that is installed. */
  static App app(
      Map<String, String> environment, Terminal terminal, PrintWriter out, PrintWriter err) {
    Path home = Path.of(System.getProperty("gpubench.home", "."));
    return new App(
        home,
        new Installed(home, environment, problem -> err.println("gpubench: " + problem)),
        environment,
        terminal,
        out,
        err);
  }

  /** Runs one command line; returns the exit code. */
  static int execute(App app, String... args) {
    CommandLine line = commandLine(app);
    try {
      return line.execute(args);
    } catch (Error failure) {
      report(app, failure, line, "");
      return ExitCode.of(failure).number;
    } finally {
      app.out().flush();
      app.err().flush();
    }
  }

  static CommandLine commandLine(App app) {
    var line = new CommandLine(new GpubenchCommand(), factory(app));
    line.setOut(app.out());
    line.setErr(app.err());
    line.setColorScheme(Help.defaultColorScheme(app.terminal().colour() ? Ansi.ON : Ansi.OFF));
    var defaults = new EnvironmentDefaults(app.environment());
    line.setDefaultValueProvider(defaults);
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    giveVersion(line);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      report(app, failure, command, defaults.blamed(text(failure), leftOut(parsed)));
      return ExitCode.of(failure).number;
    });
    line.setParameterExceptionHandler((failure, _) -> usage(app, failure, defaults));
    return line;
  }

  private static void giveVersion(CommandLine line) {
    line.getCommandSpec().versionProvider(new ToolVersion());
    line.getSubcommands().values().forEach(GpubenchMain::giveVersion);
  }

  /** Makes commands with the app, and everything else as picocli would. */
  private static IFactory factory(App app) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (var constructor : type.getDeclaredConstructors()) {
          if (List.of(constructor.getParameterTypes()).equals(List.of(App.class))) {
            return type.cast(constructor.newInstance(app));
          }
        }
        return CommandLine.defaultFactory().create(type);
      }
    };
  }

  private static boolean verbose(CommandLine command) {
    CommandLine top = command;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return ((GpubenchCommand) top.getCommand()).verbose;
  }

  /** The options of the command that the command line does not mention. */
  private static List<OptionSpec> leftOut(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    ParseResult command = last;
    return command.commandSpec().options().stream()
        .filter(option -> !command.hasMatchedOption(option))
        .toList();
  }

  /** One line for a failure, and its trace where {@code --verbose} asks for it. */
  static void report(App app, Throwable failure, CommandLine command, String hint) {
    boolean known = failure instanceof BenchException;
    boolean verbose = verbose(command);
    app.err()
        .println(
            (known ? "gpubench: " : "gpubench: internal error: ")
                + text(failure)
                + hint
                + (known || verbose ? "" : "; please report it with the output of --verbose"));
    if (verbose) {
      failure.printStackTrace(app.err());
    }
  }

  private static String text(Throwable failure) {
    return failure instanceof BenchException
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }

  private static int usage(App app, ParameterException failure, EnvironmentDefaults defaults) {
    CommandLine command = failure.getCommandLine();
    String message =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : String.valueOf(failure.getMessage());
    String hint =
        failure.getArgSpec() instanceof OptionSpec option
            ? defaults.blamed(message.replace(option.longestName(), ""), List.of(option))
            : "";
    app.err().println("gpubench: " + message + hint);
    app.err().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.number;
  }

  private static String unmatched(UnmatchedArgumentException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    String argument = failure.getUnmatched().getFirst();
    if (failure.isUnknownOption()) {
      String option = argument.replaceFirst("=.*", "");
      List<String> known = command.options().stream().map(OptionSpec::longestName).toList();
      return "unknown option '"
          + option
          + "'"
          + Names.nearest(option, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    }
    return command.subcommands().isEmpty()
        ? String.valueOf(failure.getMessage())
        : Names.unknown("command", argument, command.subcommands().keySet());
  }
}
