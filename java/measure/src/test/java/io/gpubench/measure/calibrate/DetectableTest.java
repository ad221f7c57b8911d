// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.compare.Course;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.Verdict;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DetectableTest {
  private static final int DUETS = 300;

  private static double[] normal(int duets, double spread, long seed) {
    var random = new SplittableRandom(seed);
    double[] logRatios = new double[duets];
    Arrays.setAll(logRatios, _ -> spread * random.nextGaussian());
    return logRatios;
  }

  private static double power(double spread, double slowdown, int gates) {
    var random = new SplittableRandom(4);
    int found = 0;
    for (int i = 0; i < gates; i++) {
      Verdict verdict =
          Course.of(
                  () -> Math.log(slowdown) + spread * random.nextGaussian(),
                  TrialRule.USUAL_TOLERANCE,
                  TrialRule.DEFAULT)
              .verdict();
      found += verdict instanceof Verdict.Changed changed && changed.slower() ? 1 : 0;
    }
    return (double) found / gates;
  }

  /** The noise is known, so how often it is found can be told from that, without any duets. */
  @Test
  void whatIsDetectableIsFoundThatOftenOnTheMachineItself() {
    for (double spread : new double[] {0.01, 0.03}) {
      Detectable detectable = Detectable.of(normal(DUETS, spread, 11), TrialRule.DEFAULT, 3, 24);
      double slowdown = given(detectable.slowdown());
      double lower = given(detectable.lower());
      double upper = given(detectable.upper());
      assertTrue(slowdown > 1.05, "nothing below the tolerance is called changed");
      assertTrue(lower <= slowdown && slowdown <= upper, detectable.toString());
      assertEquals(Detectable.POWER, power(spread, slowdown, 2_000), 0.04, detectable.toString());
      assertTrue(power(spread, upper, 1_000) > 0.93, detectable.toString());
      assertTrue(power(spread, lower, 1_000) < 0.97, detectable.toString());
      assertEquals(DUETS, detectable.duets());
    }
  }

  private static double given(Double value) {
    assertNotNull(value);
    return value;
  }

  @Test
  void noiseHidesMoreAndTheSameSeedSaysTheSame() {
    double[] quiet = normal(40, 0.01, 5);
    double[] noisy = Arrays.stream(quiet).map(one -> 8 * one).toArray();
    Detectable ofQuiet = Detectable.of(quiet, TrialRule.DEFAULT, 1, 24);
    Detectable ofNoisy = Detectable.of(noisy, TrialRule.DEFAULT, 1, 24);
    assertTrue(given(ofQuiet.upper()) < given(ofNoisy.lower()));
    assertEquals(ofQuiet, Detectable.of(quiet, TrialRule.DEFAULT, 1, 24));
  }

  @Test
  void whereNothingIsFoundNothingIsDetectable() {
    Detectable none = Detectable.of(normal(20, 4, 5), TrialRule.DEFAULT, 1, 24);
    assertNull(none.slowdown());
    assertNull(none.upper());
    assertThrows(
        IllegalArgumentException.class,
        () -> Detectable.of(normal(7, 0.01, 5), TrialRule.DEFAULT, 1, 24));
  }

  @Test
  void whereNothingVariesTheToleranceIsDetectable() {
    Detectable exact = Detectable.of(new double[8], TrialRule.DEFAULT, 1, 24);
    assertEquals(1.05, given(exact.slowdown()), 1e-4);
    assertEquals(1.05, given(exact.upper()), 2e-3);
  }
}
