// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

/**
 * When to begin and when to stop measuring one planned run. Measuring stops at the first of: {@code
 * maxSamples}; {@code maxNanos}; and, once {@code minSamples} are there, an interval around the
 * median that is narrow enough.
 *
 * @param minSamples below so many samples a record is marked {@code underSampled}
 * @param maxSamples never more; samples are kept in memory, 16 bytes each
 * @param minNanos never shorter for the sake of precision, in nanoseconds: a few milliseconds of a
 *     machine say little about it
 * @param maxNanos time for measuring, staging and verification included, in nanoseconds
 * @param relativePrecision half the width of the median's 95 % interval over the median at which to
 *     stop; 0 for never
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
    long minWarmupSamples,
    long minWarmupNanos,
    long maxWarmupNanos) {
  /** The most samples that one run may ask for. */
  public static final long SAMPLES_LIMIT = 10_000_000;

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
  }
}
