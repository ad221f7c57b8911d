// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderStatisticRanksTest {
  /** Ranks and coverage as computed with SciPy 1.10.1. */
  @ParameterizedTest
  @CsvSource({
    "1000, .5, 469, 532, .953709",
    "1000, .95, 936, 964, .958095",
    "1000, .99, 983, 997, .976095",
    "1000, .999, 997, , ",
    "100, .5, 40, 61, ",
    "100, .95, 90, 100, ",
    "100, .99, 97, , ",
    "368, .99, 360, 368, .962416"
  })
  void agreesWithReference(
      int count,
      double quantile,
      @Nullable Integer lower,
      @Nullable Integer upper,
      @Nullable Double coverage) {
    OrderStatisticRanks ranks = OrderStatisticRanks.of(count, quantile, 0.95);
    assertEquals(lower, ranks.lower());
    assertEquals(upper, ranks.upper());
    if (upper == null) {
      assertNull(ranks.coverage());
    } else if (coverage != null) {
      assertEquals(coverage, coverage(ranks), 5e-7);
    }
  }

  @ParameterizedTest
  @CsvSource({".5, 6", ".95, 72", ".99, 368", ".999, 3688"})
  void intervalNeedsThatMany(double quantile, int smallest) {
    assertNull(OrderStatisticRanks.of(smallest - 1, quantile, 0.95).coverage());
    assertTrue(coverage(OrderStatisticRanks.of(smallest, quantile, 0.95)) >= 0.95);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 31, 1_000, 99_999, 10_000_000})
  void coversAtLeastTheConfidence(int count) {
    assertTrue(coverage(OrderStatisticRanks.of(count, 0.5, 0.95)) >= 0.95);
    assertTrue(coverage(OrderStatisticRanks.of(count, 0.5, 0.95)) <= 0.99);
  }

  @ParameterizedTest
  @CsvSource({"1000, 1", "1000, 1.5", "1000, 9", "997, 33.3", "10000000, 12.5", "10000000, 1e6"})
  void scalingIsSymmetricAndNeverNarrows(int count, double autocorrelationTime) {
    OrderStatisticRanks scaled = OrderStatisticRanks.of(count, autocorrelationTime, 0.5, 0.95);
    int lower = rank(scaled.lower());
    int upper = rank(scaled.upper());
    OrderStatisticRanks independent = OrderStatisticRanks.of(count, 0.5, 0.95);
    assertTrue(1 <= lower && lower <= rank(independent.lower()));
    assertTrue(rank(independent.upper()) <= upper && upper <= count);
    assertEquals(count + 1, lower + upper);
  }

  @Test
  void independentIsTheSpecialCase() {
    assertEquals(
        OrderStatisticRanks.of(1_000, 0.95, 0.95), OrderStatisticRanks.of(1_000, 1, 0.95, 0.95));
  }

  @Test
  void nothingLeftToBound() {
    assertEquals(
        new OrderStatisticRanks(null, null, null), OrderStatisticRanks.of(1_000, 500, 0.5, 0.95));
  }

  @Test
  void refusesWhatHasNoRanks() {
    assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(0, 0.5, 0.95));
    assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, 1, 0.95));
    assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, Double.NaN, 0.95));
    assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, 0.5, 0));
    assertThrows(
        IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, Double.NaN, 0.5, 0.95));
    assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, 0.9, 0.5, 0.95));
  }

  private static double coverage(OrderStatisticRanks ranks) {
    Double coverage = ranks.coverage();
    assertNotNull(coverage);
    return coverage;
  }

  private static int rank(@Nullable Integer rank) {
    assertNotNull(rank);
    return rank;
  }

  @Test
  void theEndsAreNoQuantilesAndNoConfidences() {
    for (double end : new double[] {0, 1}) {
      assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, end, 0.95));
      assertThrows(IllegalArgumentException.class, () -> OrderStatisticRanks.of(9, 0.5, end));
    }
  }

  /** The ranks by their definition: the narrowest of which neither side errs by more than half. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithSumsOfTheBinomialDistribution(long seed) {
    var random = new SplittableRandom(seed);
    int count = random.nextInt(1, 400);
    double quantile = random.nextDouble(0.01, 0.99);
    double confidence = random.nextDouble(0.5, 0.999);
    double[] atMost = new double[count + 1];
    double chance = Math.pow(1 - quantile, count);
    for (int k = 0; k <= count; k++) {
      atMost[k] = chance + (k == 0 ? 0 : atMost[k - 1]);
      chance *= (count - k) / (k + 1.0) * quantile / (1 - quantile);
    }
    double tail = (1 - confidence) / 2;
    int lower = 0;
    while (atMost[lower] < tail) {
      lower++;
    }
    int upper = 0;
    while (upper < count && atMost[upper] < 1 - tail) {
      upper++;
    }
    upper++;
    OrderStatisticRanks ranks = OrderStatisticRanks.of(count, quantile, confidence);
    String what = count + " " + quantile + " " + confidence;
    assertEquals(lower == 0 ? null : (Integer) lower, ranks.lower(), what);
    assertEquals(upper > count ? null : (Integer) upper, ranks.upper(), what);
    if (lower > 0 && upper <= count) {
      assertEquals(atMost[upper - 1] - atMost[lower - 1], coverage(ranks), 1e-9, what);
      assertTrue(coverage(ranks) >= confidence, what);
    } else {
      assertNull(ranks.coverage(), what);
    }
  }
}
