// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How a value grows with a size: value = c size^exponent, the least-squares line through the
 * logarithms, and the interval of its slope by Student's t distribution with n - 2 degrees of
 * freedom (N. R. Draper and H. Smith, "Applied Regression Analysis", 3rd edition, section 1.4). The
 * interval takes the law as true and the errors as independent, of one normal distribution on the
 * logarithm; a curve that bends widens it.
 *
 * @param exponent 1 where the value is proportional to the size, 0 where it does not depend on it
 * @param lower lower bound of the exponent; null for two points, which always lie on a line
 * @param upper upper bound; null exactly where {@code lower} is
 * @param confidence of the interval, in (0, 1)
 * @param logAtOne the natural logarithm of the line's value at size 1
 * @param rSquared the share of the logarithms' variance that the line explains, in 0 .. 1; null
 *     where all values are equal
 * @param points how many there were, at least 2
 */
public record PowerLaw(
    double exponent,
    @Nullable Double lower,
    @Nullable Double upper,
    double confidence,
    double logAtOne,
    @Nullable Double rSquared,
    int points) {
  /**
   * Fits the law.
   *
   * @param size finite and above 0, at least two that differ; left as they are
   * @param value finite and above 0, as many; left as they are
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static PowerLaw of(double[] size, double[] value, double confidence) {
    if (size.length != value.length || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          size.length + " sizes and " + value.length + " values at confidence " + confidence);
    }
    double[] x = logarithms(size);
    double[] y = logarithms(value);
    int points = x.length;
    double meanX = mean(x);
    double meanY = mean(y);
    double squaresX = 0;
    double squaresY = 0;
    double products = 0;
    for (int i = 0; i < points; i++) {
      squaresX += (x[i] - meanX) * (x[i] - meanX);
      squaresY += (y[i] - meanY) * (y[i] - meanY);
      products += (x[i] - meanX) * (y[i] - meanY);
    }
    if (points < 2 || squaresX == 0) {
      throw new IllegalArgumentException("no growth over " + points + " points of one size");
    }
    double exponent = products / squaresX;
    double residuals = 0;
    for (int i = 0; i < points; i++) {
      double residual = y[i] - meanY - exponent * (x[i] - meanX);
      residuals += residual * residual;
    }
    Double halfWidth = null;
    if (points > 2) {
      double error = Math.sqrt(residuals / (points - 2) / squaresX);
      halfWidth =
          error * TDistribution.of(points - 2).inverseSurvivalProbability((1 - confidence) / 2);
    }
    return new PowerLaw(
        exponent,
        halfWidth == null ? null : (Double) (exponent - halfWidth),
        halfWidth == null ? null : (Double) (exponent + halfWidth),
        confidence,
        meanY - exponent * meanX,
        squaresY == 0 ? null : (Double) Math.clamp(1 - residuals / squaresY, 0.0, 1.0),
        points);
  }

  /** The line's value at a size, which is above 0. */
  public double at(double size) {
    return Math.exp(logAtOne + exponent * Math.log(size));
  }

  private static double[] logarithms(double[] values) {
    double[] logarithms = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] > 0 && values[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("no power law through " + values[i]);
      }
      logarithms[i] = Math.log(values[i]);
    }
    return logarithms;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
