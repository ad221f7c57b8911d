// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CoolDown;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What comes before each process, and which comes first. */
final class ConditionOptions {
  @Option(
      names = "--cool-down",
      paramLabel = "TIME|TEMPERATURE",
      description =
          "Before each process, wait for a time (2s), or until the device is no hotter than this (55C, or"
              + " 55C/3m with a bound).")
  private @Nullable String coolDown;

  @Option(
      names = "--order-seed",
      paramLabel = "N",
      description = "Seed of the random order in which processes measure (default: a new one).")
  private @Nullable Long orderSeed;

  /** What to wait for before each process. */
  CoolDown coolDown() {
    try {
      return coolDown == null ? new CoolDown.None() : CoolDown.parse(coolDown);
    } catch (ConfigException e) {
      throw new ConfigException("--cool-down: " + e.getMessage(), e);
    }
  }

  /** The seed asked for; null for a new one. */
  @Nullable Long orderSeed() {
    return orderSeed;
  }
}
