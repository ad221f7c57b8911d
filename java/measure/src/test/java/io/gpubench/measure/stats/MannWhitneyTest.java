// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.inference.PValueMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The constants are those of the reference, as computed with SciPy 1.10.1. */
class MannWhitneyTest {
  private static final double[] X = {10.1, 10.3, 10.3, 10.5, 10.7, 11, 11, 12.4};
  private static final double[] TIED_X = {5, 5, 5, 7, 7, 9};
  private static final double[] TIED_Y = {5, 7, 7, 9, 9, 9, 11};
  private static final double[] Y = {10.3, 10.6, 10.9, 11, 11.2, 11.5, 12, 13.1};

  @Test
  void tiesAndContinuityAreCorrected() {
    MannWhitney test = MannWhitney.byCommons(X, Y, PValueMethod.ASYMPTOTIC);
    assertEquals(18, test.u());
    assertEquals(.15381125310705518, test.twoSided(), 1e-15);
    assertEquals(.07690562655352759, test.less(), 1e-15);
    assertEquals(.9372192962258401, test.greater(), 1e-15);
    assertEquals(.4375, test.cliffsDelta());
    assertFalse(test.exact());

    MannWhitney discrete = MannWhitney.byCommons(TIED_X, TIED_Y, PValueMethod.ASYMPTOTIC);
    assertEquals(10, discrete.u());
    assertEquals(.11736806757775355, discrete.twoSided(), 1e-15);
    assertEquals(.5238095238, discrete.cliffsDelta(), 1e-10);
  }

  /** As SciPy 1.17.1 gives by all permutations. */
  @Test
  void fewAreExactWithTiesToo() {
    assertExact(18, .1578865578865579, .07894327894327895, .9362082362082362, X, Y);
    assertExact(10, .17482517482517482, .08741258741258741, .9755244755244755, TIED_X, TIED_Y);
    assertExact(0.5, 4 / 35.0, 2 / 35.0, 1, new double[] {1, 2, 3}, new double[] {3, 4, 5, 5});
    assertExact(1, 1, .5, 1, new double[] {7, 7}, new double[] {7, 8});
    assertExact(9, .1, 1, .05, new double[] {8, 8, 8}, new double[] {7, 7, 7});
  }

  private static void assertExact(
      double u, double twoSided, double less, double greater, double[] x, double[] y) {
    MannWhitney test = MannWhitney.of(x, y);
    assertTrue(test.exact());
    assertEquals(u, test.u());
    assertEquals(twoSided, test.twoSided(), 1e-14);
    assertEquals(less, test.less(), 1e-14);
    assertEquals(greater, test.greater(), 1e-14);
  }

  /** Three against four can never show anything at 5 %, whatever ties there are. */
  @Test
  void noTieMakesSoFewSignificant() {
    assertExact(0, 2 / 35.0, 1 / 35.0, 1, new double[] {1, 2, 2}, new double[] {3, 4, 5, 6});
  }

  /** Beyond, the normal distribution is near what is counted. */
  @Test
  void manyTiesAreNearTheExactOnes() {
    var random = new Random(3);
    double[] x = random.ints(25, 0, 30).asDoubleStream().toArray();
    double[] y = random.ints(25, 5, 35).asDoubleStream().toArray();
    MannWhitney exact = MannWhitney.of(x, y);
    assertTrue(exact.exact());
    assertEquals(
        MannWhitney.byCommons(x, y, PValueMethod.ASYMPTOTIC).twoSided(), exact.twoSided(), .003);
    assertFalse(MannWhitney.of(Arrays.copyOf(x, 26), y).exact());
  }

  @Test
  void isExactWithoutTies() {
    MannWhitney test =
        MannWhitney.of(new double[] {1.1, 2.2, 3.3, 4.4, 5.5}, new double[] {2, 4, 6, 7, 8, 9});
    assertEquals(6, test.u());
    assertEquals(.12554112554112554, test.twoSided(), 1e-15);
    assertEquals(.6, test.cliffsDelta(), 1e-15);
    assertTrue(test.exact());

    MannWhitney separated =
        MannWhitney.of(new double[] {1, 2, 3, 4, 5}, new double[] {6, 7, 8, 9, 10});
    assertEquals(.007936507936507936, separated.twoSided(), 1e-15);
    assertEquals(1, separated.cliffsDelta());
  }

  @Test
  void oneValueIsNoDifference() {
    double[] seven = {7, 7, 7};
    assertEquals(new MannWhitney(4.5, 1, 1, 1, 0, true), MannWhitney.of(seven, seven));
    assertEquals(.1, MannWhitney.of(seven, new double[] {8, 8, 8}).twoSided(), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void otherOrderGivesTheOtherSide(long seed) {
    var random = new Random(seed);
    double[] x = values(random, seed % 2 == 0);
    double[] y = values(random, seed % 2 == 0);
    MannWhitney test = MannWhitney.of(x, y);
    MannWhitney mirrored = MannWhitney.of(y, x);
    assertEquals(test.less(), mirrored.greater(), 1e-12);
    assertEquals(test.twoSided(), mirrored.twoSided(), 1e-12);
    assertEquals(test.cliffsDelta(), -mirrored.cliffsDelta(), 1e-12);
    assertEquals((double) x.length * y.length, test.u() + mirrored.u());
    assertEquals(delta(x, y), test.cliffsDelta(), 1e-12);
    // ranks only: what keeps the order changes nothing
    assertEquals(
        test,
        MannWhitney.of(
            Arrays.stream(x).map(Math::exp).toArray(), Arrays.stream(y).map(Math::exp).toArray()));
  }

  private static double[] values(Random random, boolean ties) {
    double[] values = new double[1 + random.nextInt(70)];
    Arrays.setAll(values, i -> ties ? random.nextInt(9) : random.nextGaussian());
    return values;
  }

  private static double delta(double[] x, double[] y) {
    double sum = 0;
    for (double a : x) {
      for (double b : y) {
        sum += Math.signum(b - a);
      }
    }
    return sum / x.length / y.length;
  }

  @Test
  void refusesNothingAndWhatIsNoNumber() {
    assertThrows(IllegalArgumentException.class, () -> MannWhitney.of(new double[0], X));
    assertThrows(IllegalArgumentException.class, () -> MannWhitney.of(X, new double[0]));
    double[] nan = {1, Double.NaN};
    double[] infinite = {Double.NEGATIVE_INFINITY};
    assertThrows(IllegalArgumentException.class, () -> MannWhitney.of(X, nan));
    assertThrows(IllegalArgumentException.class, () -> MannWhitney.of(nan, X));
    assertThrows(IllegalArgumentException.class, () -> MannWhitney.of(infinite, X));
  }
}
