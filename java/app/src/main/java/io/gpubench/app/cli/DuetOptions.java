// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much the sides of a duet measure: the options of commands that play nothing but duets. */
final class DuetOptions {
  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Samples of each side in a duet, if its share of the time allows (default: the profile's"
              + " fewest, at least "
              + DuetPlan.FEWEST_SAMPLES
              + ", and for its shortest time).")
  private @Nullable Long samples;

  @Option(
      names = "--slice",
      paramLabel = "TIME",
      defaultValue = "3ms",
      description = "How long the sides measure in turn (default: ${DEFAULT-VALUE}).")
  private String slice = "3ms";

  /** Wanted of each side in a duet; null for the profile's fewest. */
  @Nullable Long samples() {
    return samples;
  }

  /**
   * How long the sides measure in turn.
   *
   * @throws ConfigException when that is no time
   */
  Duration slice() {
    return MeasuringOptions.option("--slice", slice, Durations::parse);
  }
}
