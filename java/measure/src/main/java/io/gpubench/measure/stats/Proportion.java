// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * How often something happens, by independent trials: the share seen and its exact interval (C. J.
 * Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of
 * the Binomial", Biometrika 26(4), 1934), whose bounds are quantiles of beta distributions. It
 * covers the true probability at least as often as asked.
 *
 * @param hits how often it happened, in 0 .. {@code trials}
 * @param trials how often it could have, at least 1
 * @param lower lower bound of the two-sided interval, in [0, 1)
 * @param upper upper bound of the two-sided interval, in (0, 1]
 * @param confidence of the two-sided interval, in (0, 1)
 */
public record Proportion(long hits, long trials, double lower, double upper, double confidence) {
  /**
   * The share and its two-sided interval.
   *
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static Proportion of(long hits, long trials, double confidence) {
    check(hits, trials, confidence);
    double oneSided = (1 + confidence) / 2;
    return new Proportion(
        hits, trials, atLeast(hits, trials, oneSided), atMost(hits, trials, oneSided), confidence);
  }

  /** The share seen, in 0 .. 1. */
  public double share() {
    return (double) hits / trials;
  }

  /**
   * The one-sided upper bound: a probability above it would, with more than {@code confidence},
   * have given more hits. 0 of 59 bound it below 5 % at 95 %.
   *
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static double atMost(long hits, long trials, double confidence) {
    check(hits, trials, confidence);
    return hits == trials
        ? 1
        : BetaDistribution.of(hits + 1.0, (double) trials - hits)
            .inverseSurvivalProbability(1 - confidence);
  }

  /**
   * The one-sided lower bound: a probability below it would, with more than {@code confidence},
   * have given fewer hits.
   *
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static double atLeast(long hits, long trials, double confidence) {
    check(hits, trials, confidence);
    return hits == 0
        ? 0
        : BetaDistribution.of((double) hits, trials - hits + 1.0)
            .inverseCumulativeProbability(1 - confidence);
  }

  private static void check(long hits, long trials, double confidence) {
    if (hits < 0 || hits > trials || trials < 1 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "the proportion of " + hits + " of " + trials + " at confidence " + confidence);
    }
  }
}
