// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * How the two stages go where duets come from a supplier, such as one that draws them at random: of
 * one metric that is a family by itself. Pure.
 *
 * @param verdict of {@link TwoStage}
 * @param duets of both stages, as many as it took
 */
public record Course(Verdict verdict, int duets) {
  /**
   * Lets the procedure take duets until it is decided.
   *
   * @param logRatios ln(B/A) of the next duet, finite
   * @param tolerance the relative difference that does not matter, in (0, 1)
   */
  public static Course of(DoubleSupplier logRatios, double tolerance, TrialRule rule) {
    double[] first = {};
    Look look = null;
    for (int duets : rule.looks()) {
      first = more(first, duets, logRatios);
      look = Look.of(first, tolerance, rule);
      if (look != null && look.state() != Look.State.UNDECIDED) {
        break;
      }
    }
    boolean suspect = look != null && look.state() == Look.State.SUSPECT;
    double[] second = more(new double[0], suspect ? rule.confirmations() : 0, logRatios);
    return new Course(
        TwoStage.decide(rule, tolerance, first, second), first.length + second.length);
  }

  private static double[] more(double[] drawn, int duets, DoubleSupplier logRatios) {
    double[] more = Arrays.copyOf(drawn, duets);
    for (int i = drawn.length; i < duets; i++) {
      more[i] = logRatios.getAsDouble();
    }
    return more;
  }
}
