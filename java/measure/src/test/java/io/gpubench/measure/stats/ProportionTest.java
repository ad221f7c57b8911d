// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
  /** As computed with SciPy 1.17.1. */
  @ParameterizedTest
  @CsvSource({
    "3, 60, .95, .010432329644348218, .13924324672110006",
    "0, 59, .95, 0, .060608900950339835",
    "57, 60, .95, .8607567532789, .9895676703556517",
    "60, 60, .95, .9403705077136653, 1",
    "1000, 3000, .9, .31913464454410195, .3477729069165138"
  })
  void agreesWithSciPy(long hits, long trials, double confidence, double lower, double upper) {
    Proportion proportion = Proportion.of(hits, trials, confidence);
    assertEquals(lower, proportion.lower(), 1e-12);
    assertEquals(upper, proportion.upper(), 1e-12);
    assertEquals((double) hits / trials, proportion.share());
  }

  /** So many disjoint gates without a false alarm are needed. */
  @Test
  void noneOfFiftyNineIsBelowFivePercent() {
    assertTrue(Proportion.atMost(0, 59, .95) < .05);
    assertTrue(Proportion.atMost(0, 58, .95) > .05);
    assertEquals(1 - Math.pow(.05, 1 / 60.0), Proportion.atMost(0, 60, .95), 1e-12);
    assertEquals(1, Proportion.atMost(5, 5, .95));
    assertEquals(0, Proportion.atLeast(0, 5, .95));
  }

  /** At the bound, the hits seen are as unlikely as the confidence says. */
  @ParameterizedTest
  @CsvSource({"1, 7, .9", "3, 60, .95", "6, 7, .99", "50, 100, .5"})
  void boundsAreWhereTheHitsBecomeUnlikely(int hits, int trials, double confidence) {
    double upper = Proportion.atMost(hits, trials, confidence);
    double lower = Proportion.atLeast(hits, trials, confidence);
    assertEquals(
        1 - confidence, BinomialDistribution.of(trials, upper).cumulativeProbability(hits), 1e-9);
    assertEquals(
        1 - confidence, BinomialDistribution.of(trials, lower).survivalProbability(hits - 1), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"-1, 5, .9", "6, 5, .9", "0, 0, .9", "1, 5, 0", "1, 5, 1", "1, 5, NaN"})
  void refusesTheImpossible(long hits, long trials, double confidence) {
    assertThrows(IllegalArgumentException.class, () -> Proportion.of(hits, trials, confidence));
    assertThrows(IllegalArgumentException.class, () -> Proportion.atMost(hits, trials, confidence));
  }
}
