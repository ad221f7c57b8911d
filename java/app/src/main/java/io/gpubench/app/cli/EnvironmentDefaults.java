// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

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
        ? environment.get(variable(option))
        : null;
  }

  /** {@code GPUBENCH_MEMORY_LIMIT} for {@code --memory-limit}. */
  static String variable(OptionSpec option) {
    String name = option.longestName().replaceFirst("^-+", "");
    return "GPUBENCH_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
