// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRankIntervalTest {
  private static final int DRAWS = 2_000;
  private static final double[] REFERENCE = {
    .031, .048, -.012, .052, .067, .024, .039, .081, .044, .058
  };

  /** As computed with SciPy 1.10.1. */
  @ParameterizedTest
  @CsvSource({".95, .024, .060", ".9, .0275, .058"})
  void agreesWithReference(double confidence, double lower, double upper) {
    SignedRankInterval interval = SignedRankInterval.of(REFERENCE, confidence);
    assertEquals(.0455, interval.estimate(), 1e-15);
    assertEquals(lower, present(interval.lower()), 1e-15);
    assertEquals(upper, present(interval.upper()), 1e-15);
    assertEquals(confidence, interval.confidence());
    assertTrue(present(interval.coverage()) >= confidence);
  }

  @Test
  void smallestIntervalIsOfSix() {
    double[] values = {1, 2, 3, 4, 5, 6};
    assertEquals(
        new SignedRankInterval(3.5, 1.0, 6.0, 0.95, 0.96875), SignedRankInterval.of(values, 0.95));
    assertEquals(
        new SignedRankInterval(3, null, null, 0.95, null),
        SignedRankInterval.of(Arrays.copyOf(values, 5), 0.95));
    assertEquals(
        new SignedRankInterval(1, null, null, 0.95, null),
        SignedRankInterval.geometric(Arrays.copyOf(values, 1), 0.95));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6, 11, 70})
  void geometricIsArithmeticOfLogarithms(int count) {
    double[] values = medians(new Random(count), count);
    SignedRankInterval geometric = SignedRankInterval.geometric(values, 0.95);
    SignedRankInterval logarithms =
        SignedRankInterval.of(Arrays.stream(values).map(Math::log).toArray(), 0.95);
    assertEquals(Math.exp(logarithms.estimate()), geometric.estimate(), 1e-6);
    assertEquals(logarithms.coverage(), geometric.coverage());
    if (count >= 6) {
      assertEquals(Math.exp(present(logarithms.lower())), present(geometric.lower()), 1e-6);
      assertEquals(Math.exp(present(logarithms.upper())), present(geometric.upper()), 1e-6);
    }
  }

  @Test
  void zeroIsBelowEveryRatio() {
    double[] values = {0, 4, 4, 4, 4, 4, 4, 4};
    SignedRankInterval interval = SignedRankInterval.geometric(values, 0.95);
    assertEquals(4, interval.estimate());
    assertEquals(0.0, interval.lower());
    assertEquals(4.0, interval.upper());
    assertEquals(0, SignedRankInterval.geometric(new double[8], 0.95).estimate());
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 8, 12})
  void coversTheMedianOfProcesses(int count) {
    var random = new Random(count);
    int covered = 0;
    double coverage = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      SignedRankInterval interval =
          SignedRankInterval.geometric(medians(random, count), QuantileInterval.CONFIDENCE);
      covered += present(interval.lower()) <= 1e6 && 1e6 <= present(interval.upper()) ? 1 : 0;
      coverage = present(interval.coverage());
    }
    double error = Math.sqrt(coverage * (1 - coverage) / DRAWS);
    assertTrue(coverage >= QuantileInterval.CONFIDENCE);
    assertEquals(coverage, (double) covered / DRAWS, 3 * error);
  }

  @ParameterizedTest
  @ValueSource(ints = {-9, -3, 1, 3, 9})
  void scalesByPowersOfTen(int exponent) {
    double factor = Math.pow(10, exponent);
    double[] values = medians(new Random(exponent), 15);
    double[] scaled = Arrays.stream(values).map(x -> factor * x).toArray();
    close(factor, SignedRankInterval.of(values, 0.9), SignedRankInterval.of(scaled, 0.9));
    close(
        factor,
        SignedRankInterval.geometric(values, 0.9),
        SignedRankInterval.geometric(scaled, 0.9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void orderMakesNoDifference(long seed) {
    var random = new Random(seed);
    double[] values = medians(random, 9);
    var shuffled = Arrays.asList(Arrays.stream(values).boxed().toArray(Double[]::new));
    Collections.shuffle(shuffled, random);
    double[] permuted = shuffled.stream().mapToDouble(x -> x).toArray();
    assertEquals(SignedRankInterval.of(values, 0.95), SignedRankInterval.of(permuted, 0.95));
    assertEquals(
        SignedRankInterval.geometric(values, 0.95), SignedRankInterval.geometric(permuted, 0.95));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 0.3, 1e6 / 7, 9_007_199_254_740_991.0, 1e150})
  void equalValuesGiveThatValue(double value) {
    double[] values = DoubleStream.generate(() -> value).limit(7).toArray();
    var expected = new SignedRankInterval(value, value, value, 0.95, 1 - 2.0 * 3 / 128);
    assertEquals(expected, SignedRankInterval.of(values, 0.95));
    assertEquals(expected, SignedRankInterval.geometric(values, 0.95));
  }

  @Test
  void largestValuesDoNotOverflow() {
    double[] values = {Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
    assertEquals(Double.MAX_VALUE / 2, SignedRankInterval.of(values, 0.95).estimate());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNoNumber(double value) {
    double[] values = {1, value};
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(values, 0.95));
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.geometric(values, 0.95));
  }

  @Test
  void refusesNothingAndTheImpossible() {
    double[] values = {1, -1};
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(new double[0], 0.95));
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(values, 0));
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(values, 1));
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(values, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.geometric(values, 0.95));
  }

  /** Log-normal medians of processes, 20 % around 10^6. */
  private static double[] medians(Random random, int count) {
    return DoubleStream.generate(() -> 1e6 * Math.exp(0.2 * random.nextGaussian()))
        .limit(count)
        .toArray();
  }

  private static void close(double factor, SignedRankInterval plain, SignedRankInterval scaled) {
    assertEquals(1, scaled.estimate() / (factor * plain.estimate()), 1e-12);
    assertEquals(1, present(scaled.lower()) / (factor * present(plain.lower())), 1e-12);
    assertEquals(1, present(scaled.upper()) / (factor * present(plain.upper())), 1e-12);
    assertEquals(plain.coverage(), scaled.coverage());
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }

  @Test
  void certaintyIsNoConfidence() {
    double[] values = {1, 2};
    for (double end : new double[] {0, 1}) {
      assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.geometric(values, end));
      assertThrows(IllegalArgumentException.class, () -> SignedRankInterval.of(values, end));
    }
  }

  /** By its two definitions: the median of all means of pairs, and the test that is inverted. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithBruteForce(long seed) {
    var random = new Random(seed);
    double[] values = random.doubles(2 + random.nextInt(14), -5, 5).toArray();
    var means = new ArrayList<Double>();
    for (int i = 0; i < values.length; i++) {
      for (int j = i; j < values.length; j++) {
        means.add((values[i] + values[j]) / 2);
      }
    }
    Collections.sort(means);
    int pairs = means.size();
    SignedRankInterval interval = SignedRankInterval.of(values, 0.9);
    assertEquals(
        (means.get((pairs - 1) / 2) + means.get(pairs / 2)) / 2, interval.estimate(), 1e-12);
    Double lower = interval.lower();
    Double upper = interval.upper();
    if (lower != null && upper != null) {
      // the test refuses each centre outside and none inside
      for (double centre : new double[] {lower - 1e-6, upper + 1e-6}) {
        assertTrue(chance(values, centre) <= 0.1, interval + " " + centre);
      }
      for (double centre : new double[] {lower + 1e-6, upper - 1e-6}) {
        assertTrue(chance(values, centre) > 0.1, interval + " " + centre);
      }
    } else {
      assertTrue(Math.scalb(2.0, -values.length) > 0.1);
    }
  }

  /** The two-sided p-value of Wilcoxon's test that this is the centre, by all choices of signs. */
  private static double chance(double[] values, double centre) {
    double[] magnitudes = Arrays.stream(values).map(x -> Math.abs(x - centre)).toArray();
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> magnitudes[i]));
    int positive = 0;
    for (int rank = 1; rank <= values.length; rank++) {
      positive += values[order[rank - 1]] > centre ? rank : 0;
    }
    int most = values.length * (values.length + 1) / 2;
    int smaller = Math.min(positive, most - positive);
    int asExtreme = 0;
    for (int signs = 0; signs < 1 << values.length; signs++) {
      int sum = 0;
      for (int rank = 1; rank <= values.length; rank++) {
        sum += (signs >> (rank - 1) & 1) * rank;
      }
      asExtreme += sum <= smaller ? 1 : 0;
    }
    return 2.0 * asExtreme / (1 << values.length);
  }
}
