// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Shapiro and Wilk's test that values are normally distributed, by Royston's approximation (P.
 * Royston, "Remark AS R94: A Remark on Algorithm AS 181: The W-test for Normality", Applied
 * Statistics 44(4), 1995). Values are taken as independent: autocorrelated samples look less normal
 * than they are. Of thousands of values even a harmless departure is found; W says how large it is.
 *
 * @param w the squared correlation of the ordered values with those expected of a normal
 *     distribution, in (0, 1]: 1 for perfect agreement
 * @param p how likely a W as small or smaller is of normal values, in 0 .. 1
 */
public record ShapiroWilk(double w, double p) {
  /** The fewest values that have a W. */
  public static final int MIN_VALUES = 3;

  /** The most values for which the approximation was made. */
  public static final int MAX_VALUES = 5_000;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Corrections of the last and of the last but one coefficient, in 1/√n. */
  private static final double[] LAST = {0, .221157, -.147981, -2.07119, 4.434685, -2.706056};

  private static final double[] LAST_BUT_ONE = {
    0, .042981, -.293762, -1.752461, 5.682633, -3.582633
  };

  /** Up to 11 values, in n: where ln(1 - W) ends, and the mean and ln of the deviation. */
  private static final double[] FEW_LIMIT = {-2.273, .459};

  private static final double[] FEW_MEAN = {.544, -.39978, .025054, -6.714e-4};
  private static final double[] FEW_DEVIATION = {1.3822, -.77857, .062767, -.0020322};

  /** From 12 values, in ln n. */
  private static final double[] MANY_MEAN = {-1.5861, -.31082, -.083751, .0038915};

  private static final double[] MANY_DEVIATION = {-.4803, -.082676, .0030302};
  private static final int FEW = 11;

  /**
   * Tests the values.
   *
   * @param values all finite, in any order; left as they are
   * @return null for fewer than {@value #MIN_VALUES} values, more than {@value #MAX_VALUES}, or
   *     equal ones: they have no W
   * @throws IllegalArgumentException when a value is not finite
   */
  public static @Nullable ShapiroWilk of(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a test of normality with the value " + value);
      }
    }
    int count = values.length;
    if (count < MIN_VALUES || count > MAX_VALUES) {
      return null;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double range = 0.5 * sorted[count - 1] - 0.5 * sorted[0];
    if (range == 0) {
      return null;
    }
    double[] coefficients = coefficients(count);
    double middle = sorted[count / 2];
    double mean = 0;
    for (int i = 0; i < count; i++) {
      sorted[i] = 0.5 * sorted[i] / range - 0.5 * middle / range;
      mean += sorted[i] / count;
    }
    double product = 0;
    double squares = 0;
    double weights = 0;
    for (int i = 0; i < count; i++) {
      double weight = i < count / 2 ? -coefficients[i] : 0;
      weight = i >= count - count / 2 ? coefficients[count - 1 - i] : weight;
      double deviation = sorted[i] - mean;
      product += weight * deviation;
      squares += deviation * deviation;
      weights += weight * weight;
    }
    double norm = Math.sqrt(weights * squares);
    // 1 - W without the cancellation that a W near 1 would bring
    double lack = Math.max(0, (norm - product) * (norm + product) / (weights * squares));
    return new ShapiroWilk(1 - lack, probability(count, lack));
  }

  /**
   * The weights of the larger half, the largest value first; the smaller half has the negatives.
   */
  private static double[] coefficients(int count) {
    double[] weights = new double[count / 2];
    if (count == MIN_VALUES) {
      weights[0] = Math.sqrt(0.5);
      return weights;
    }
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = -NORMAL.inverseCumulativeProbability((i + 1 - 0.375) / (count + 0.25));
      squares += 2 * weights[i] * weights[i];
    }
    double root = Math.sqrt(squares);
    double inverse = 1 / Math.sqrt(count);
    double last = polynomial(LAST, inverse) + weights[0] / root;
    double rest = squares - 2 * weights[0] * weights[0];
    double share = 1 - 2 * last * last;
    int corrected = 1;
    weights[0] = last;
    if (count > 5) {
      double lastButOne = polynomial(LAST_BUT_ONE, inverse) + weights[1] / root;
      rest -= 2 * weights[1] * weights[1];
      share -= 2 * lastButOne * lastButOne;
      weights[1] = lastButOne;
      corrected = 2;
    }
    double scale = Math.sqrt(rest / share);
    for (int i = corrected; i < weights.length; i++) {
      weights[i] /= scale;
    }
    return weights;
  }

  private static double probability(int count, double lack) {
    if (count == MIN_VALUES) {
      double p = 6 / Math.PI * (Math.asin(Math.sqrt(1 - lack)) - Math.PI / 3);
      return Math.clamp(p, 0.0, 1.0);
    }
    if (lack == 0) {
      return 1;
    }
    double transformed = Math.log(lack);
    double mean;
    double deviation;
    if (count <= FEW) {
      double limit = polynomial(FEW_LIMIT, count);
      if (transformed >= limit) {
        return 0;
      }
      transformed = -Math.log(limit - transformed);
      mean = polynomial(FEW_MEAN, count);
      deviation = Math.exp(polynomial(FEW_DEVIATION, count));
    } else {
      double log = Math.log(count);
      mean = polynomial(MANY_MEAN, log);
      deviation = Math.exp(polynomial(MANY_DEVIATION, log));
    }
    return NORMAL.survivalProbability((transformed - mean) / deviation);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }
}
