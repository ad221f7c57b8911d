// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerLawTest {
  private static final double[] SIZES = {1, 2, 4, 8, 16, 32};

  /** As computed with SciPy 1.17.1, linregress on the logarithms. */
  @Test
  void agreesWithSciPy() {
    PowerLaw law = PowerLaw.of(SIZES, new double[] {1.1, 1.9, 4.3, 7.7, 17, 31}, .95);
    assertEquals(.9830964567788529, law.exponent(), 1e-14);
    assertEquals(.9174889892439198, present(law.lower()), 1e-12);
    assertEquals(1.0487039243137861, present(law.upper()), 1e-12);
    assertEquals(.9976943487985345, present(law.rSquared()), 1e-12);
    assertEquals(1.048251618699084, law.at(1), 1e-12);
    assertEquals(6, law.points());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, -.5, 0.3, 1, 2, 3})
  void findsAnExactLaw(double exponent) {
    double[] values = Arrays.stream(SIZES).map(x -> 7e-9 * Math.pow(x, exponent)).toArray();
    PowerLaw law = PowerLaw.of(SIZES, values, .95);
    assertEquals(exponent, law.exponent(), 1e-12);
    assertEquals(exponent, present(law.lower()), 1e-6);
    assertEquals(exponent, present(law.upper()), 1e-6);
    assertEquals(7e-9 * Math.pow(64, exponent), law.at(64), 1e-9 * law.at(64));
  }

  @Test
  void twoPointsHaveNoInterval() {
    PowerLaw law = PowerLaw.of(new double[] {10, 1_000}, new double[] {3, 300}, .95);
    assertEquals(1, law.exponent(), 1e-12);
    assertNull(law.lower());
    assertNull(law.upper());
  }

  @Test
  void constantValuesDoNotGrow() {
    PowerLaw law = PowerLaw.of(SIZES, new double[] {5, 5, 5, 5, 5, 5}, .95);
    assertEquals(0, law.exponent());
    assertNull(law.rSquared());
  }

  @Test
  void coversTheExponent() {
    var random = new Random(1);
    int draws = 2_000;
    int covered = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[] values =
          Arrays.stream(SIZES)
              .map(x -> Math.pow(x, 1.5) * Math.exp(.1 * random.nextGaussian()))
              .toArray();
      PowerLaw law = PowerLaw.of(SIZES, values, .95);
      covered += present(law.lower()) <= 1.5 && 1.5 <= present(law.upper()) ? 1 : 0;
    }
    assertEquals(.95, (double) covered / draws, 3 * Math.sqrt(.05 * .95 / draws));
  }

  @Test
  void refusesWhatHasNoLogarithmAndOneSize() {
    double[] some = {1, 2};
    for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] bad = {1, value};
      assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(some, bad, .9));
      assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(bad, some, .9));
    }
    double[] same = {2, 2};
    double[] none = {};
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(same, some, .9));
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(none, none, .9));
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(some, none, .9));
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(some, some, 1));
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }
}
