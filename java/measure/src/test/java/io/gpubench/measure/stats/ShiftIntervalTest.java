// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShiftIntervalTest {
  @Test
  void smallestIntervalIsOfFourAgainstFour() {
    double[] x = {1, 2, 3, 4};
    double[] y = {11, 22, 33, 44};
    ShiftInterval interval = ShiftInterval.of(x, y, .95);
    assertEquals(25, interval.estimate());
    assertEquals(7, present(interval.lower()));
    assertEquals(43, present(interval.upper()));
    assertEquals(1 - 2 / 70.0, present(interval.coverage()), 1e-15);

    ShiftInterval none = ShiftInterval.of(Arrays.copyOf(x, 3), Arrays.copyOf(y, 3), .95);
    assertNull(none.lower());
    assertNull(none.upper());
    assertNull(none.coverage());
    assertEquals(20, none.estimate());
  }

  /** The test refuses every shift outside of the interval and none inside. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void invertsTheTest(long seed) {
    var random = new Random(seed);
    double[] x = random.doubles(4 + random.nextInt(14), 0, 5).toArray();
    double[] y = random.doubles(4 + random.nextInt(14), 1, 7).toArray();
    ShiftInterval interval = ShiftInterval.of(x, y, .95);
    double lower = present(interval.lower());
    double upper = present(interval.upper());
    assertTrue(lower <= interval.estimate() && interval.estimate() <= upper);
    assertTrue(present(interval.coverage()) >= .95);
    for (double outside : new double[] {lower - 1e-6, upper + 1e-6}) {
      assertTrue(shifted(x, y, outside) <= .05);
    }
    for (double inside : new double[] {lower + 1e-6, upper - 1e-6}) {
      assertTrue(shifted(x, y, inside) > .05);
    }
  }

  private static double shifted(double[] x, double[] y, double shift) {
    return MannWhitney.of(Arrays.stream(x).map(each -> each + shift).toArray(), y).twoSided();
  }

  @ParameterizedTest
  @CsvSource({"5, 7", "12, 12", "20, 8", "60, 55"})
  void coversTheShift(int first, int second) {
    var random = new Random(first);
    int draws = 2_000;
    int covered = 0;
    double coverage = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[] x = random.doubles(first).map(u -> -Math.log(u)).toArray();
      double[] y = random.doubles(second).map(u -> .5 - Math.log(u)).toArray();
      ShiftInterval interval = ShiftInterval.of(x, y, .95);
      covered += present(interval.lower()) <= .5 && .5 <= present(interval.upper()) ? 1 : 0;
      coverage = present(interval.coverage());
    }
    assertEquals(coverage, (double) covered / draws, 3 * Math.sqrt(.05 * .95 / draws));
  }

  @Test
  void otherOrderIsTheNegative() {
    double[] x = new Random(1).doubles(9).toArray();
    double[] y = new Random(2).doubles(70).toArray();
    ShiftInterval interval = ShiftInterval.of(x, y, .9);
    ShiftInterval mirrored = ShiftInterval.of(y, x, .9);
    assertEquals(interval.estimate(), -mirrored.estimate(), 1e-15);
    assertEquals(present(interval.lower()), -present(mirrored.upper()), 1e-15);
    assertEquals(present(interval.upper()), -present(mirrored.lower()), 1e-15);
  }

  /** Against all choices of which values are of the first sample. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 4", "6, 7"})
  void countsEveryOrder(int first, int second) {
    int all = first + second;
    double[] counts = new double[first * second + 1];
    double orders = 0;
    for (int chosen = 0; chosen < 1 << all; chosen++) {
      if (Integer.bitCount(chosen) == first) {
        int larger = 0;
        for (int i = 0; i < all; i++) {
          larger += (chosen >> i & 1) == 1 ? i - Integer.bitCount(chosen & ((1 << i) - 1)) : 0;
        }
        counts[larger]++;
        orders++;
      }
    }
    RankSumDistribution distribution = RankSumDistribution.of(first, second);
    double atMost = 0;
    assertEquals(0, distribution.cumulativeProbability(-1));
    for (int u = 0; u < counts.length; u++) {
      atMost += counts[u] / orders;
      assertEquals(atMost, distribution.cumulativeProbability(u), 1e-14);
    }
    assertEquals(1, distribution.cumulativeProbability(counts.length));
  }

  @Test
  void normalDistributionContinuesTheCounts() {
    double exact = RankSumDistribution.of(50, 50).boundRank(.025);
    double normal = RankSumDistribution.of(51, 50).boundRank(.025);
    assertEquals(exact, normal, 30);
    assertTrue(normal > exact);
  }

  @Test
  void refusesNothingAndTheImpossible() {
    double[] some = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(new double[0], some, .9));
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(some, new double[0], .9));
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(some, some, 1));
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(some, some, Double.NaN));
    double[] nan = {1, Double.NaN};
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(some, nan, .9));
    double[] large = {-Double.MAX_VALUE};
    double[] opposite = {Double.MAX_VALUE};
    assertThrows(IllegalArgumentException.class, () -> ShiftInterval.of(large, opposite, .9));
    assertThrows(IllegalArgumentException.class, () -> RankSumDistribution.of(0, 3));
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }
}
