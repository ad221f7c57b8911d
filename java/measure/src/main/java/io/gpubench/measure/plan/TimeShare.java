// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.run.StoppingRule;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * The part of the time that one repetition of a run gets: three quarters for measuring, at most 15
 * % for warm-up and the rest for preparation and verification.
 */
record TimeShare(StoppingRule stoppingRule, Duration budget) {
  private static final double MEASURING = 0.75;
  private static final double WARMUP = 0.15;

  /**
   * No sample takes less, in nanoseconds: staging, verifying and two readings of the clock. A
   * profile whose fewest samples do not fit even so can never be met, whatever is measured.
   */
  static final long LEAST_OF_SAMPLE = 20;

  /**
   * The share of each of equal repetitions.
   *
   * @param turns repetitions of all runs, at least 1
   * @throws io.gpubench.measure.ConfigException when the fewest samples cannot fit into the time
   *     for measuring, however fast they are; names file, line and key, or the option
   */
  static TimeShare of(Profile profile, int turns, Overrides overrides) {
    Duration duration = overrides.duration();
    Long samples = overrides.samples();
    double share =
        duration == null
            ? (double) profile.budget().toNanos() / turns
            : duration.toNanos() / MEASURING;
    long measuring =
        duration == null ? Math.max(1, (long) (share * MEASURING)) : duration.toNanos();
    checkFits(profile, turns, overrides, measuring);
    long others = (long) (share * (1 - MEASURING));
    boolean toTheEnd = samples != null || duration != null;
    long maxWarmup = (long) (share * WARMUP);
    var rule =
        new StoppingRule(
            Objects.requireNonNullElse(samples, profile.minSamples()),
            Objects.requireNonNullElse(samples, profile.maxSamples()),
            toTheEnd ? 0 : Math.min(profile.minMeasuring().toNanos(), measuring),
            measuring,
            toTheEnd ? 0 : profile.relativePrecision(),
            toTheEnd ? null : profile.entropy(),
            Objects.requireNonNullElse(overrides.warmup(), profile.minWarmupSamples()),
            Math.min(profile.minWarmup().toNanos(), maxWarmup),
            maxWarmup);
    return new TimeShare(rule, Duration.ofNanos(measuring + others));
  }

  private static void checkFits(Profile profile, int turns, Overrides overrides, long measuring) {
    Long asked = overrides.samples();
    long samples = asked == null ? profile.minSamples() : asked;
    long least = samples * LEAST_OF_SAMPLE; // at most 10,000,000 of them
    if (least <= measuring) {
      return;
    }
    Place place =
        asked == null ? profile.minPlace() : new Place.OnCommandLine("--samples " + asked);
    long fit = measuring / LEAST_OF_SAMPLE;
    String whose =
        overrides.duration() != null
            ? "--duration " + Durations.format(overrides.duration())
            : String.format(
                Locale.ROOT,
                "the budget of %s by %,d %s",
                Durations.format(profile.budget()),
                turns,
                turns == 1 ? "process" : "processes");
    throw place.error(
        String.format(
            Locale.ROOT,
            "%,d samples take %s at least, %d ns each, and a process has %s for measuring (%s); %s",
            samples,
            Durations.format(Duration.ofNanos(least)),
            LEAST_OF_SAMPLE,
            Durations.format(Duration.ofNanos(measuring)),
            whose,
            fit == 0 ? "not one fits" : String.format(Locale.ROOT, "%,d fit at most", fit)));
  }
}
