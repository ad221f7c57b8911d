// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.measure.BenchException;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The process: builds the command line, runs it, and turns what went wrong into one line and an
 * exit code.
 */
public final class GpubenchMain {
  private GpubenchMain() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
    int code = execute(app(System.getenv(), Terminal.detect(), out, err), args);
    if (code != 0) { // a plain return is the faster way to end with 0
      System.exit(code);
    }
  }

  /** The app with everything that is built in. */
  static App app(
      Map<String, String> environment, Terminal terminal, PrintWriter out, PrintWriter err) {
    return new App(
        Path.of(System.getProperty("gpubench.home", ".")),
        () -> List.of(new ConsensusWorkload()),
        () -> List.of(new HostEngine(), new JavaEngine()),
        environment,
        terminal,
        out,
        err);
  }

  /** Runs one command line; returns the exit code. */
  static int execute(App app, String... args) {
    var line = new CommandLine(new GpubenchCommand(), factory(app));
    line.setOut(app.out());
    line.setErr(app.err());
    line.setColorScheme(Help.defaultColorScheme(app.terminal().colour() ? Ansi.ON : Ansi.OFF));
    line.setDefaultValueProvider(new EnvironmentDefaults(app.environment()));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    line.setExecutionExceptionHandler((failure, command, _) -> {
      report(app, failure, verbose(command));
      return ExitCode.of(failure).number;
    });
    line.setParameterExceptionHandler((failure, _) -> usage(app, failure));
    try {
      return line.execute(args);
    } finally {
      app.out().flush();
      app.err().flush();
    }
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

  private static void report(App app, Exception failure, boolean verbose) {
    app.err()
        .println(
            failure instanceof BenchException
                ? "gpubench: " + failure.getMessage()
                : "gpubench: internal error: "
                    + failure
                    + (verbose ? "" : "; please report it with the output of --verbose"));
    if (verbose) {
      failure.printStackTrace(app.err());
    }
  }

  private static int usage(App app, ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    var message = new StringBuilder("gpubench: ").append(failure.getMessage());
    if (failure.getArgSpec() instanceof OptionSpec option) {
      String variable = EnvironmentDefaults.variable(option);
      if (app.environment().containsKey(variable)) {
        message.append(" (").append(variable).append(" is set)");
      }
    }
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        message.append("; did you mean '").append(near.getFirst()).append("'?");
      }
    }
    app.err().println(message);
    app.err().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.number;
  }
}
