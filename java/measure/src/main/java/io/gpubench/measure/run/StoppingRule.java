// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.stats.EntropyTrend;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When to begin and when to stop measuring one planned run. Measuring stops at the first of: {@code
 * maxSamples}; {@code maxNanos}; and, once {@code minSamples} are there and {@code minNanos} have
 * passed, what its {@link Criterion} asks for. The first two always hold, so that whatever the
 * samples are, it ends.
 *
 * @param minSamples below so many samples a record is marked {@code underSampled}
 * @param maxSamples never more; samples are kept in memory, 16 bytes each
 * @param minNanos never shorter for the sake of the criterion, in nanoseconds: a few milliseconds
 *     of a machine say little about it
 * @param maxNanos time for measuring, staging and verification included, in nanoseconds
 * @param relativePrecision half the width of the median's 95 % interval over the median at which to
 *     stop; 0 for never
 * @param entropy at which the distribution of the samples has become flat, so that it may stop;
 *     null for never, as in all documents before there was this rule
 * @param minWarmupSamples never fewer before measuring begins
 * @param minWarmupNanos never shorter, in nanoseconds
 * @param maxWarmupNanos when warm-up ends even if the times are not steady, in nanoseconds
 */
public record StoppingRule(
    long minSamples,
    long maxSamples,
    long minNanos,
    long maxNanos,
    double relativePrecision,
    @JsonInclude(JsonInclude.Include.NON_NULL) EntropyTrend.@Nullable Limits entropy,
    long minWarmupSamples,
    long minWarmupNanos,
    long maxWarmupNanos) {
  /** The most samples that one run may ask for. */
  public static final long SAMPLES_LIMIT = 10_000_000;

  /** What a measurement stops for, besides the most samples and the end of its time. */
  public enum Criterion {
    /** The interval around the median is narrow enough. */
    PRECISION,
    /** The entropy of the samples no longer changes: the distribution is known. */
    ENTROPY,
    /** Nothing but the number of samples, which is fixed. */
    COUNT,
    /** Nothing: it measures as long as its time lasts. */
    TIME;

    /** As it stands in profiles: {@code precision}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public StoppingRule {
    if (minSamples < 1 || maxSamples < minSamples || maxSamples > SAMPLES_LIMIT) {
      throw new IllegalArgumentException("samples " + minSamples + " .. " + maxSamples);
    }
    if (minNanos < 0 || maxNanos < 1 || minWarmupNanos < 0 || maxWarmupNanos < minWarmupNanos) {
      throw new IllegalArgumentException(
          "nanos "
              + minNanos
              + " .. "
              + maxNanos
              + ", warm-up "
              + minWarmupNanos
              + " .. "
              + maxWarmupNanos);
    }
    if (!(relativePrecision >= 0) || minWarmupSamples < 0) {
      throw new IllegalArgumentException(
          "precision " + relativePrecision + ", warm-up samples " + minWarmupSamples);
    }
    if (relativePrecision > 0 && entropy != null) {
      throw new IllegalArgumentException("two criteria: precision and entropy");
    }
  }

  /** Without a limit of the entropy. */
  public StoppingRule(
      long minSamples,
      long maxSamples,
      long minNanos,
      long maxNanos,
      double relativePrecision,
      long minWarmupSamples,
      long minWarmupNanos,
      long maxWarmupNanos) {
    this(
        minSamples,
        maxSamples,
        minNanos,
        maxNanos,
        relativePrecision,
        null,
        minWarmupSamples,
        minWarmupNanos,
        maxWarmupNanos);
  }

  /** What it stops for. */
  @JsonIgnore
  public Criterion criterion() {
    if (minSamples == maxSamples) {
      return Criterion.COUNT;
    }
    if (entropy != null) {
      return Criterion.ENTROPY;
    }
    return relativePrecision > 0 ? Criterion.PRECISION : Criterion.TIME;
  }
}
