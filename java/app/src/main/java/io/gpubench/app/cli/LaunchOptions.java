// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.check.ArgumentSpec;
import io.gpubench.app.check.Settings;
import io.gpubench.app.check.Triple;
import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how kernels are launched. */
final class LaunchOptions {
  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "Check this kernel only. May be given several times.")
  private List<String> kernels = new ArrayList<>();

  @Option(names = "--grid", paramLabel = "X[,Y[,Z]]", description = "Blocks.")
  private @Nullable String grid;

  @Option(names = "--block", paramLabel = "X[,Y[,Z]]", description = "Threads of a block.")
  private @Nullable String block;

  @Option(
      names = "--shared",
      paramLabel = "BYTES",
      description = "Dynamic shared memory of a block.")
  private @Nullable Integer shared;

  @Option(
      names = "--cooperative",
      description = "All blocks at once, so that they may wait for each other.")
  private boolean cooperative;

  @Option(
      names = "--arg",
      paramLabel = "NAME=SPEC",
      description =
          "An argument by name; one without a name is arg1, arg2. May be given several times.")
  private List<String> named = new ArrayList<>();

  @Option(
      names = "--args",
      paramLabel = "SPEC,SPEC..",
      description = "Arguments in their order; an empty one is assumed.")
  private @Nullable String positional;

  List<String> kernels() {
    return kernels;
  }

  /**
   * The words that say the same, without {@code --kernel}.
   *
   * @param arguments that the kernel has; others are left out
   */
  List<String> words(Set<String> arguments) {
    var words = new ArrayList<String>();
    if (grid != null) {
      words.addAll(List.of("--grid", grid));
    }
    if (block != null) {
      words.addAll(List.of("--block", block));
    }
    if (shared != null) {
      words.addAll(List.of("--shared", shared.toString()));
    }
    if (cooperative) {
      words.add("--cooperative");
    }
    for (String each : named) {
      int at = Math.max(0, each.indexOf('='));
      if (arguments.contains(Settings.argumentName(each.substring(0, at).strip()))) {
        words.addAll(List.of("--arg", each));
      }
    }
    if (positional != null) {
      words.add("--args=" + positional);
    }
    return words;
  }

  /** What they say; throws a {@link ConfigException} that names the option. */
  Settings settings() {
    if (shared != null && shared < 0) {
      throw new ConfigException("--shared " + shared + ": expected 0 or more");
    }
    var arguments = new LinkedHashMap<String, ArgumentSpec>();
    for (String each : named) {
      int at = each.indexOf('=');
      if (at < 1) {
        throw new ConfigException("--arg " + each + ": expected NAME=SPEC, such as n=1000");
      }
      String name = Settings.argumentName(each.substring(0, at).strip());
      ArgumentSpec spec =
          MeasuringOptions.option("--arg " + name, each.substring(at + 1), ArgumentSpec::parse);
      if (arguments.put(name, spec) != null) {
        throw new ConfigException("--arg " + name + " is given twice");
      }
    }
    var ordered = new ArrayList<@Nullable ArgumentSpec>();
    if (positional != null) {
      for (String each : positional.split(",", -1)) {
        ordered.add(
            each.isBlank() ? null : MeasuringOptions.option("--args", each, ArgumentSpec::parse));
      }
    }
    return new Settings(
        grid == null ? null : MeasuringOptions.option("--grid", grid, Triple::parse),
        block == null ? null : MeasuringOptions.option("--block", block, Triple::parse),
        shared,
        cooperative ? true : null,
        arguments,
        ordered,
        false);
  }
}
