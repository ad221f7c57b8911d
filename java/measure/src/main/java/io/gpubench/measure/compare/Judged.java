// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.result.DuetComparison;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one metric of one comparison by duets. Ratios are of times, B over A.
 *
 * @param metric one of {@link TrialRule#METRICS}
 * @param tolerance the relative difference that does not matter
 * @param how in one line, what it rests on
 * @param duets of both stages that count
 * @param ratio the Hodges-Lehmann estimate over these duets; null where there is none
 * @param lower lower bound of its 95 % signed-rank interval, for display; null where so few duets
 *     have none
 * @param upper upper bound; null exactly where {@code lower} is
 * @param spread how far the logarithm of the ratio varies from duet to duet, a standard deviation;
 *     null for fewer than two duets
 * @param duetsNeeded about as many would decide, by that spread; null where it is not known
 */
public record Judged(
    DuetComparison comparison,
    String metric,
    double tolerance,
    Verdict verdict,
    String how,
    int duets,
    @Nullable Double ratio,
    @Nullable Double lower,
    @Nullable Double upper,
    @Nullable Double spread,
    @Nullable Integer duetsNeeded) {
  /** Whether B is slower by more than does not matter. */
  public boolean regressed() {
    return verdict instanceof Verdict.Changed changed && changed.slower();
  }

  /** Whether it could not be told. */
  public boolean open() {
    return verdict instanceof Verdict.Inconclusive;
  }
}
