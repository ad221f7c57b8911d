// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRankTestTest {
  private static final double[] REFERENCE = {
    .031, .048, -.012, .052, .067, .024, .039, .081, .044, .058
  };

  /** As computed with SciPy 1.10.1. */
  @Test
  void agreesWithReference() {
    SignedRankTest test = SignedRankTest.of(REFERENCE);
    assertEquals(new SignedRankTest(10, 54, .00390625, .001953125, test.less()), test);
    assertEquals(1 - 1 / 1024.0, test.less()); // every choice but that of all
  }

  /** By all choices of signs in Python, ranks by SciPy 1.17.1. */
  @Test
  void tiesAndZerosAreExactToo() {
    assertEquals(
        new SignedRankTest(10, 43, .09375, .046875, .96484375),
        SignedRankTest.of(new double[] {.03, .03, -.03, 0, 0, .05, .05, .07, -.01, .02}));
    assertEquals(
        new SignedRankTest(6, 11.5, .8125, .40625, .65625),
        SignedRankTest.of(new double[] {1, -1, 2, 2, -3, -0.0}));
  }

  @Test
  void fivePairsCannotReject() {
    assertEquals(.0625, SignedRankTest.of(new double[] {1, 2, 3, 4, 5}).twoSided());
    assertEquals(.03125, SignedRankTest.of(new double[] {1, 2, 3, 4, 5}).greater());
    assertEquals(.03125, SignedRankTest.of(new double[] {-1, -1, -1, -1, -1}).less());
  }

  @Test
  void zerosAloneSayNothing() {
    assertEquals(new SignedRankTest(3, 0, 1, 1, 1), SignedRankTest.of(new double[] {0, -0.0, 0}));
    assertEquals(new SignedRankTest(1, 1, 1, .5, 1), SignedRankTest.of(new double[] {1e-300}));
  }

  /** By its definition: each choice of signs of the same magnitudes is equally likely. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void agreesWithBruteForce(long seed) {
    var random = new Random(seed);
    double[] values = new double[1 + random.nextInt(12)];
    Arrays.setAll(values, i -> seed % 2 == 0 ? random.nextInt(-3, 6) : random.nextGaussian() + .4);
    SignedRankTest test = SignedRankTest.of(values);
    double statistic = positiveRanks(values);
    int greater = 0;
    int less = 0;
    for (int signs = 0; signs < 1 << values.length; signs++) {
      double[] signed = values.clone();
      for (int i = 0; i < values.length; i++) {
        signed[i] = (signs >> i & 1) == 0 ? values[i] : -values[i];
      }
      greater += positiveRanks(signed) >= statistic ? 1 : 0;
      less += positiveRanks(signed) <= statistic ? 1 : 0;
    }
    double choices = 1 << values.length;
    assertEquals(statistic, test.statistic());
    assertEquals(greater / choices, test.greater());
    assertEquals(less / choices, test.less());
    assertEquals(Math.min(1, 2 * Math.min(greater, less) / choices), test.twoSided());
  }

  private static double positiveRanks(double[] values) {
    double sum = 0;
    for (double value : values) {
      if (value > 0) {
        double below = 0;
        double equal = 0;
        for (double other : values) {
          below += Math.abs(other) < value ? 1 : 0;
          equal += Math.abs(other) == value ? 1 : 0;
        }
        sum += below + (equal + 1) / 2;
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 16, 60, 61, 500})
  void otherSignsGiveTheOtherSide(int count) {
    double[] values = new Random(count).doubles(count, -1, 1.2).toArray();
    SignedRankTest test = SignedRankTest.of(values);
    SignedRankTest mirrored = SignedRankTest.of(Arrays.stream(values).map(x -> -x).toArray());
    assertEquals(test.greater(), mirrored.less(), 1e-15);
    assertEquals(test.less(), mirrored.greater(), 1e-15);
    assertEquals(test.twoSided(), mirrored.twoSided(), 1e-15);
    assertEquals(count * (count + 1) / 2.0, test.statistic() + mirrored.statistic());
    assertTrue(test.greater() + test.less() >= 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-9, 3, 1e300})
  void scaleMakesNoDifference(double factor) {
    assertEquals(
        SignedRankTest.of(REFERENCE),
        SignedRankTest.of(Arrays.stream(REFERENCE).map(x -> factor * x).toArray()));
  }

  /** At the limit between counting and the normal distribution the two agree. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void normalDistributionContinuesTheCounts(long seed) {
    var random = new Random(seed);
    double[] values = random.doubles(60, -1, 1.3).toArray();
    double[] more = Arrays.copyOf(values, 61);
    more[60] = 1e-9;
    assertEquals(SignedRankTest.of(values).greater(), SignedRankTest.of(more).greater(), .01);
  }

  /** Of honest draws, at most a share of alpha is called different at alpha. */
  @ParameterizedTest
  @ValueSource(ints = {8, 10, 12, 16})
  void errsAsSeldomAsItSays(int count) {
    var random = new Random(count);
    int draws = 20_000;
    int rejected = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> Math.cbrt(random.nextGaussian()) * (1 + i)); // spreads differ
      rejected += SignedRankTest.of(values).twoSided() <= .05 ? 1 : 0;
    }
    assertTrue(rejected <= .05 * draws + 3 * Math.sqrt(.05 * .95 * draws), rejected + " rejected");
    assertTrue(rejected >= .025 * draws, rejected + " rejected");
  }

  @Test
  void refusesNothingAndWhatIsNoNumber() {
    assertThrows(IllegalArgumentException.class, () -> SignedRankTest.of(new double[0]));
    assertThrows(IllegalArgumentException.class, () -> SignedRankTest.of(new double[40_001]));
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] values = {1, value};
      assertThrows(IllegalArgumentException.class, () -> SignedRankTest.of(values));
    }
  }
}
