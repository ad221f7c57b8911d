// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import org.jspecify.annotations.Nullable;

/**
 * One metric of two recorded configurations. Ratios are of times, B over A: above 1, B is slower.
 * No number is NaN or infinite.
 *
 * @param metric one of those of {@link RecordedProcess}
 * @param nanosA the centre of A's processes, in nanoseconds
 * @param nanosB the same of B
 * @param ratio the Hodges-Lehmann estimate of B/A
 * @param lower lower bound of the interval of the ratio, with a process as the unit; null where so
 *     few processes have none
 * @param upper upper bound; null exactly where {@code lower} is
 * @param p two-sided, of the Mann-Whitney test over the processes
 * @param adjustedP the same by Holm over all that is judged together; null where it is only
 *     reported
 * @param cliffsDelta P(B > A) - P(B < A) over pairs of processes, in -1 .. 1
 * @param tolerance the relative difference that does not matter; null where it is only reported
 * @param verdict null where it is only reported
 */
public record ComparedMetric(
    String metric,
    double nanosA,
    double nanosB,
    double ratio,
    @Nullable Double lower,
    @Nullable Double upper,
    double p,
    @Nullable Double adjustedP,
    double cliffsDelta,
    @Nullable Double tolerance,
    @Nullable Verdict verdict,
    Health healthA,
    Health healthB) {
  /** The confidence of the interval: that of two one-sided tests at 5 %. */
  public static final double CONFIDENCE = 0.9;

  /** Whether B is slower by more than does not matter. */
  public boolean regressed() {
    return verdict instanceof Verdict.Changed changed && changed.slower();
  }

  /** Whether it was to be told and could not be. */
  public boolean open() {
    return verdict instanceof Verdict.Inconclusive;
  }
}
