// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolmTest {
  @Test
  void agreesWithReference() {
    assertAdjusted(new double[] {.01, .04, .03, .005}, .03, .06, .06, .02);
    assertAdjusted(new double[] {.02, .02, .02, .9}, .08, .08, .08, .9);
    assertAdjusted(
        new double[] {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216},
        .01,
        .072,
        .312,
        .312,
        .312,
        .312,
        .312,
        .615,
        .615,
        .615);
    assertAdjusted(new double[] {.03}, .03);
    assertAdjusted(new double[] {});
    assertAdjusted(new double[] {0, 1, .7}, 0, 1, 1);
  }

  private static void assertAdjusted(double[] probabilities, double... adjusted) {
    assertArrayEquals(adjusted, Holm.adjust(probabilities), 1e-15);
  }

  /** Never below what it adjusts nor above Bonferroni, the smallest exactly Bonferroni's. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void liesBetweenNoneAndBonferroni(long seed) {
    double[] raw = new Random(seed).doubles(1 + 3 * seed).map(x -> x * x).toArray();
    double[] adjusted = Holm.adjust(raw);
    double smallest = Arrays.stream(raw).min().orElseThrow();
    for (int i = 0; i < raw.length; i++) {
      double bonferroni = Math.min(1, raw.length * raw[i]);
      assertTrue(adjusted[i] >= raw[i] && adjusted[i] <= bonferroni);
      if (raw[i] == smallest) {
        assertEquals(bonferroni, adjusted[i]);
      }
      for (int j = 0; j < raw.length; j++) {
        assertTrue(raw[i] > raw[j] || adjusted[i] <= adjusted[j]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNoProbability(double value) {
    assertThrows(IllegalArgumentException.class, () -> Holm.adjust(new double[] {.5, value}));
  }
}
