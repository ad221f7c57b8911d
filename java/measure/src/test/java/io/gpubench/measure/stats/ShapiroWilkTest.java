// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapiroWilkTest {
  /** The weights of eleven men, as in the paper of Shapiro and Wilk: W = 0.79 there. */
  private static final double[] WEIGHTS = {148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236};

  /** As computed with SciPy 1.17.1, which is Royston's program. */
  @Test
  void agreesWithRoystonsProgram() {
    assertTest(.7888146948631716, .006703814061898823, WEIGHTS);
    assertTest(.9642857142857142, .6368868450289689, 1, 2, 4);
    assertTest(.886912377825691, .36899933220894193, 1, 2, 3, 7);
    assertTest(.9063841078204767, .19171078129380675, of(12, Math::log));
    assertTest(.9481958618577887, .02877692203909572, of(50, Math::sqrt));
    assertTest(.8246401763189636, 2.9424753660994844e-14, of(200, x -> Math.pow(x / 200, 3)));
  }

  private static double[] of(int count, DoubleUnaryOperator value) {
    return IntStream.rangeClosed(1, count).asDoubleStream().map(value).toArray();
  }

  private static void assertTest(double w, double p, double... values) {
    ShapiroWilk test = test(values);
    assertEquals(w, test.w(), 1e-8);
    assertEquals(1, test.p() / p, 1e-5);
  }

  private static ShapiroWilk test(double... values) {
    ShapiroWilk test = ShapiroWilk.of(values);
    assertNotNull(test);
    return test;
  }

  @Test
  void evenlySpacedThreeArePerfect() {
    assertEquals(1, test(.1, .2, .3).w(), 1e-12);
    assertEquals(1, test(.1, .2, .3).p(), 1e-6);
  }

  /** Of normal values, a share of about alpha is refused at alpha. */
  @ParameterizedTest
  @ValueSource(ints = {5, 9, 11, 12, 40, 200})
  void errsAsOftenAsItSays(int count) {
    var random = new Random(count);
    int draws = 3_000;
    int refused = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> 7 + 3 * random.nextGaussian());
      refused += test(values).p() <= .05 ? 1 : 0;
    }
    assertEquals(.05, (double) refused / draws, .018);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e300, 1e-300, 3, 1e300})
  void scaleMakesNoDifference(double factor) {
    ShapiroWilk scaled = test(Arrays.stream(WEIGHTS).map(x -> factor * x).toArray());
    assertEquals(test(WEIGHTS).w(), scaled.w(), 1e-12);
    assertEquals(test(WEIGHTS).p(), scaled.p(), 1e-12);
  }

  @Test
  void heavyTailsAreFound() {
    var random = new Random(1);
    double[] values = new double[5_000];
    Arrays.setAll(values, i -> Math.exp(random.nextGaussian()));
    assertTrue(test(values).p() < 1e-20);
    assertTrue(test(values).w() < .8);
    double[] outlier = new double[11];
    outlier[3] = 1;
    assertTrue(test(outlier).p() < 1e-6);
  }

  @Test
  void someHaveNone() {
    assertNull(ShapiroWilk.of(new double[] {1, 2}));
    assertNull(ShapiroWilk.of(new double[] {3, 3, 3, 3}));
    assertNull(ShapiroWilk.of(of(5_001, x -> x)));
    assertThrows(
        IllegalArgumentException.class, () -> ShapiroWilk.of(new double[] {1, Double.NaN}));
  }
}
