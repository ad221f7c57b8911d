// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.run.StoppingRule;
import java.time.Duration;
import java.util.Objects;

/**
 * The part of the time that one repetition of a run gets: three quarters for measuring, at most 15
 * % for warm-up and the rest for preparation and verification.
 */
record TimeShare(StoppingRule stoppingRule, Duration budget) {
  private static final double MEASURING = 0.75;
  private static final double WARMUP = 0.15;

  /**
   * The share of each of equal repetitions.
   *
   * @param turns repetitions of all runs, at least 1
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
            Objects.requireNonNullElse(overrides.warmup(), profile.minWarmupSamples()),
            Math.min(profile.minWarmup().toNanos(), maxWarmup),
            maxWarmup);
    return new TimeShare(rule, Duration.ofNanos(measuring + others));
  }
}
