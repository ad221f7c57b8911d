// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.stats.Bootstrap;
import java.util.Objects;

/**
 * How far B/A varies from duet to duet where A and B are the same: the sample standard deviation of
 * ln(B/A), 0.05 is about 5 %, and its 95 % interval by the bootstrap over duets (BCa).
 *
 * @param spread 0 or more
 * @param lower lower bound
 * @param upper upper bound
 * @param duets how many there were, at least {@link #FEWEST}
 */
public record Spread(double spread, double lower, double upper, int duets) {
  /** Fewer say too little of how far they vary. */
  public static final int FEWEST = 8;

  private static final int RESAMPLES = 2_000;

  /**
   * Of duets.
   *
   * @param logRatios at least {@link #FEWEST}, finite
   */
  static Spread of(double[] logRatios, long seed) {
    if (logRatios.length < FEWEST) {
      throw new IllegalArgumentException("the spread of " + logRatios.length + " duets");
    }
    Bootstrap.Interval interval =
        Bootstrap.bca(logRatios, Spread::deviation, Rate.CONFIDENCE, RESAMPLES, seed);
    return new Spread(
        interval.estimate(),
        Objects.requireNonNull(interval.lower()),
        Objects.requireNonNull(interval.upper()),
        logRatios.length);
  }

  private static double deviation(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }
}
