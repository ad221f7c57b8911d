// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import org.jspecify.annotations.Nullable;

/**
 * What is said of one case of a claim.
 *
 * @param estimate of the metric, in the base unit of its dimension; of a relative claim, the ratio
 *     to the baseline; null where there is none
 * @param lower bound of the metric, which errs with probability 1 - confidence; null where there is
 *     none
 * @param upper bound likewise
 * @param processes whose values this rests on; of a relative claim, duets
 * @param samples that the process with the fewest has; readings, where the metric is a sensor's
 * @param run name of the run that it was read from; null for none
 * @param record id of the record there; null for none
 */
public record Judgement(
    ClaimCase of,
    ClaimVerdict verdict,
    @Nullable Double estimate,
    @Nullable Double lower,
    @Nullable Double upper,
    int processes,
    long samples,
    @Nullable String run,
    @Nullable String record) {
  /** Of what was not measured. */
  public static Judgement notTested(ClaimCase of, String why) {
    return new Judgement(of, new ClaimVerdict.NotTested(why), null, null, null, 0, 0, null, null);
  }
}
