// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.run.StoppingRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says, which wins over the suite and the profile. Null leaves a choice to
 * them.
 *
 * @param engine engine of every run
 * @param path path of every run
 * @param clock clock of every run
 * @param cache what the caches hold before each sample of every run
 * @param samples exactly so many samples in each process, 1 .. {@link StoppingRule#SAMPLES_LIMIT}:
 *     measuring does not stop early at a precision; where its share of the budget, or the given
 *     duration, ends before, the record is under-sampled
 * @param warmup fewest warm-up samples, 0 .. {@link StoppingRule#SAMPLES_LIMIT}; the profile's
 *     shortest warm-up time still holds
 * @param duration time for measuring in each process, more than 0: measuring goes on until it has
 *     passed or the most samples are there, whatever the precision; warm-up and preparation come on
 *     top
 * @param repetitions so many processes measure each run, 1 .. {@link Profile#MOST_REPETITIONS}
 * @param seed value of the parameter {@code seed} of every workload that has one
 * @param settings values of parameters
 */
public record Overrides(
    @Nullable String engine,
    @Nullable String path,
    @Nullable String clock,
    @Nullable String cache,
    @Nullable Long samples,
    @Nullable Long warmup,
    @Nullable Duration duration,
    @Nullable Integer repetitions,
    @Nullable Long seed,
    List<Setting> settings) {
  /** Nothing is said. */
  public static final Overrides NONE =
      new Overrides(null, null, null, null, null, null, null, null, null, List.of());

  /** The usual clock and caches. */
  public Overrides(
      @Nullable String engine,
      @Nullable String path,
      @Nullable Long samples,
      @Nullable Long warmup,
      @Nullable Duration duration,
      @Nullable Integer repetitions,
      @Nullable Long seed,
      List<Setting> settings) {
    this(engine, path, null, null, samples, warmup, duration, repetitions, seed, settings);
  }

  /**
   * Checks the ranges.
   *
   * @throws ConfigException when a number is out of range; names the option
   */
  public Overrides {
    checkRange("--samples", samples, 1, StoppingRule.SAMPLES_LIMIT);
    checkRange("--warmup", warmup, 0, StoppingRule.SAMPLES_LIMIT);
    checkRange(
        "--repetitions",
        repetitions == null ? null : (Long) (long) repetitions,
        1,
        Profile.MOST_REPETITIONS);
    if (duration != null && (duration.isNegative() || duration.isZero())) {
      throw new ConfigException("--duration: expected more than 0");
    }
    if (duration != null && duration.compareTo(Durations.LONGEST) > 0) {
      throw new ConfigException(
          "--duration: expected at most " + Durations.format(Durations.LONGEST));
    }
    settings = List.copyOf(settings);
  }

  private static void checkRange(String option, @Nullable Long value, long min, long max) {
    if (value != null && (value < min || value > max)) {
      throw new ConfigException(
          String.format(
              Locale.ROOT, "%s %d is out of range; expected %d .. %d", option, value, min, max));
    }
  }
}
