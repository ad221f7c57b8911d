// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.stats.Proportion;

/**
 * How often something happens in gates, by gates that have nothing in common: the share with its
 * exact bounds (Clopper and Pearson) at 95 %.
 *
 * @param hits in how many gates it happened
 * @param gates of how many that count, at least 1
 * @param lower lower bound of the two-sided interval
 * @param upper upper bound of the two-sided interval
 * @param atLeast one-sided lower bound
 * @param atMost one-sided upper bound: 0 of 59 gates bound it below 5 %
 */
public record Rate(
    long hits, long gates, double lower, double upper, double atLeast, double atMost) {
  /** Of all bounds. */
  static final double CONFIDENCE = 0.95;

  private static final int MOST = 100_000;

  static Rate of(long hits, long gates) {
    Proportion both = Proportion.of(hits, gates, CONFIDENCE);
    return new Rate(
        hits,
        gates,
        both.lower(),
        both.upper(),
        Proportion.atLeast(hits, gates, CONFIDENCE),
        Proportion.atMost(hits, gates, CONFIDENCE));
  }

  /**
   * How many gates it takes to show that it happens less often than some share, where it happens in
   * so many of them: 59 for none and 5 %.
   *
   * @param hits 0 or more
   * @param share in (0, 1)
   */
  public static int needed(long hits, double share) {
    int most = 1;
    while (most < MOST && (most < hits || Proportion.atMost(hits, most, CONFIDENCE) >= share)) {
      most *= 2;
    }
    int least = most / 2;
    while (most - least > 1) {
      int middle = least + (most - least) / 2;
      if (middle < hits || Proportion.atMost(hits, middle, CONFIDENCE) >= share) {
        least = middle;
      } else {
        most = middle;
      }
    }
    return most;
  }
}
