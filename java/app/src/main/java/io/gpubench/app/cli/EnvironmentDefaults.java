// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes an option that the command line leaves out from the variable {@code GPUBENCH_} plus its
 * name.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()
        ? value(option)
        : null;
  }

  /** What the variable of an option says; null where it is not set or empty. */
  private @Nullable String value(OptionSpec option) {
    String value = environment.get(variable(option));
    if (value == null || value.isBlank()) {
      return null;
    }
    boolean flag = option.arity().max() == 0;
    return !flag ? value : value.equals("1") ? "true" : value.equals("0") ? "false" : value;
  }

  /**
   * Names the variables that a message may be about, {@code " (GPUBENCH_PROFILE is set)"}; empty
   * when there is none.
   *
   * @param options those that the command line leaves out
   */
  String blamed(String message, Collection<OptionSpec> options) {
    var blamed = new StringBuilder();
    for (OptionSpec option : options) {
      String value = value(option);
      if (value != null
          && (message.contains(option.longestName()) || message.contains("'" + value + "'"))) {
        blamed.append(" (").append(variable(option)).append(" is set)");
      }
    }
    return blamed.toString();
  }

  /** {@code GPUBENCH_MEMORY_LIMIT} for {@code --memory-limit}. */
  static String variable(OptionSpec option) {
    String name = option.longestName().replaceFirst("^-+", "");
    return "GPUBENCH_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
