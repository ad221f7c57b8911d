// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What several duets say of two sides, A and B. The unit is the duet, and of a duet counts ln(B/A)
 * of a quantile: what the machine did to both alike is not in it. No verdict. No value is ever NaN
 * or infinite.
 *
 * @param duets how many there are, at least 1
 */
public record DuetSummary(int duets, Metric median, Metric p95) {
  /**
   * One quantile. Spreads are plain ratios, sample standard deviations on the scale of the natural
   * logarithm: 0.05 is about 5 %.
   *
   * @param nanosA the centre of A's quantiles over the duets, in nanoseconds
   * @param nanosB the same of B
   * @param ratio the Hodges-Lehmann estimate of B/A
   * @param lower lower bound of the ratio's 95 % signed-rank interval; null where so few duets have
   *     none
   * @param upper upper bound; null exactly where {@code lower} is
   * @param coverage the probability that an interval of these ranks encloses the ratio; null where
   *     there are no bounds
   * @param spread how far ln(B/A) varies from duet to duet; null for a single one
   * @param unpairedSpread how far it would vary if the processes of A were compared with those of B
   *     in any other order: the root of the summed variances of ln A and ln B; null for a single
   *     duet
   */
  public record Metric(
      double nanosA,
      double nanosB,
      double ratio,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double coverage,
      @Nullable Double spread,
      @Nullable Double unpairedSpread) {

    private static Metric of(double[] a, double[] b) {
      double[] logA = new double[a.length];
      double[] logB = new double[a.length];
      double[] logRatio = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        logA[i] = Math.log(a[i]);
        logB[i] = Math.log(b[i]);
        logRatio[i] = Math.log(b[i] / a[i]);
      }
      var centre = SignedRankInterval.of(logRatio, QuantileInterval.CONFIDENCE);
      boolean several = a.length > 1;
      return new Metric(
          SignedRankInterval.geometric(a, QuantileInterval.CONFIDENCE).estimate(),
          SignedRankInterval.geometric(b, QuantileInterval.CONFIDENCE).estimate(),
          Math.exp(centre.estimate()),
          centre.lower() == null ? null : (Double) Math.exp(centre.lower()),
          centre.upper() == null ? null : (Double) Math.exp(centre.upper()),
          centre.coverage(),
          several ? (Double) Math.sqrt(variance(logRatio)) : null,
          several ? (Double) Math.sqrt(variance(logA) + variance(logB)) : null);
    }
  }

  /**
   * The summary of duets.
   *
   * @param a of side A in each duet
   * @param b of side B, in the same order
   * @throws IllegalArgumentException when there is none, the sides differ in number, or a quantile
   *     is 0
   */
  public static DuetSummary of(List<Statistics> a, List<Statistics> b) {
    if (a.isEmpty() || a.size() != b.size()) {
      throw new IllegalArgumentException(a.size() + " times A and " + b.size() + " times B");
    }
    return new DuetSummary(
        a.size(), metric(a, b, Statistics::median), metric(a, b, Statistics::p95));
  }

  private static Metric metric(
      List<Statistics> a, List<Statistics> b, ToDoubleFunction<Statistics> quantile) {
    return Metric.of(
        a.stream().mapToDouble(quantile).toArray(), b.stream().mapToDouble(quantile).toArray());
  }

  private static double variance(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares / (values.length - 1);
  }
}
