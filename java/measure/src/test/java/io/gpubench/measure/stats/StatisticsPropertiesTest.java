// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every series, of any shape and length, that a seed may give. */
class StatisticsPropertiesTest {
  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  private static long[] series(long seed) {
    var random = new Random(seed);
    SampleShape[] shapes = SampleShape.values();
    int count = 1 + (int) Math.pow(3_000, random.nextDouble());
    return shapes[random.nextInt(shapes.length)].samples(seed, count);
  }

  private static long[] shuffled(long[] samples, Random random) {
    List<Long> order = Arrays.asList(Arrays.stream(samples).boxed().toArray(Long[]::new));
    Collections.shuffle(order, random);
    return order.stream().mapToLong(x -> x).toArray();
  }

  private static double[] quantiles(Statistics s) {
    return new double[] {s.min(), s.median(), s.p95(), s.p99(), s.p999(), s.max()};
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderOfTimeCountsForWhatIsAboutTimeOnly(long seed) {
    long[] samples = series(seed);
    Statistics s = Statistics.of(samples);
    Statistics other = Statistics.of(shuffled(samples, new Random(seed)));
    for (int i = 0; i < 6; i++) {
      assertEquals(quantiles(s)[i], quantiles(other)[i]);
    }
    assertEquals(s.mean(), other.mean());
    assertEquals(s.stdDev(), other.stdDev());
    assertEquals(s.mad(), other.mad());
    assertEquals(s.cv(), other.cv());
    assertEquals(s.outliers(), other.outliers());
  }

  /** Played backwards, what was first is last: the drift turns round, and neighbours stay so. */
  @ParameterizedTest
  @MethodSource("seeds")
  void timeMayRunBackwards(long seed) {
    long[] samples = series(seed);
    long[] backwards =
        IntStream.range(0, samples.length)
            .mapToLong(i -> samples[samples.length - 1 - i])
            .toArray();
    Statistics s = Statistics.of(samples);
    Statistics other = Statistics.of(backwards);
    Double drift = s.drift();
    near(drift == null ? null : (Double) (-drift), other.drift(), 1e-12);
    near(s.lag1(), other.lag1(), 1e-9);
    if (samples.length < 4 * ThresholdIndicator.MAX_LAG) { // a longer one may have been thinned
      near(s.effectiveSampleSize(), other.effectiveSampleSize(), 1e-9 * samples.length);
    }
  }

  /** Raising one sample lowers no quantile, no bound of one and no mean. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aLongerSampleMakesNothingShorter(long seed) {
    long[] samples = series(seed);
    var random = new Random(seed);
    double[] before = quantiles(Statistics.of(samples));
    double mean = Statistics.of(samples).mean();
    for (int step = 0; step < 5; step++) {
      samples[random.nextInt(samples.length)] += random.nextInt(1, 1_000_000);
      Statistics raised = Statistics.of(samples);
      double[] after = quantiles(raised);
      for (int i = 0; i < 6; i++) {
        assertTrue(after[i] >= before[i], i + ": " + before[i] + " became " + after[i]);
      }
      assertTrue(raised.mean() > mean);
      before = after;
      mean = raised.mean();
    }
  }

  /** Twice the same samples have the same distribution, in which every value is there twice. */
  @ParameterizedTest
  @MethodSource("seeds")
  void twiceTheSameIsTheSameDistribution(long seed) {
    long[] samples = series(seed);
    long[] twice = LongStream.concat(LongStream.of(samples), LongStream.of(samples)).toArray();
    Statistics s = Statistics.of(samples);
    Statistics other = Statistics.of(twice);
    assertEquals(s.median(), other.median());
    assertEquals(s.mad(), other.mad());
    assertEquals(s.min(), other.min());
    assertEquals(s.max(), other.max());
    near(s.mean(), other.mean(), 1e-12 * s.mean());
    assertEquals(2 * s.outliers().mad().count(), other.outliers().mad().count());
  }

  /** The more often a state is kept, the fewer independent samples there are. */
  @ParameterizedTest
  @MethodSource("seeds")
  void repeatedSamplesAreNotMoreSamples(long seed) {
    long[] samples = SampleShape.NORMAL.samples(seed, 1_000);
    double independent = Statistics.of(samples).effectiveSampleSize();
    for (int times : new int[] {2, 5, 20}) {
      long[] repeated =
          IntStream.range(0, times * samples.length).mapToLong(i -> samples[i / times]).toArray();
      double effective = Statistics.of(repeated).effectiveSampleSize();
      assertEquals(1, effective / independent, 0.35, times + " times");
    }
  }

  /** Exchanging the sides of duets turns the ratio round, with its interval. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theSidesOfDuetsMayBeExchanged(long seed) {
    var random = new Random(seed);
    int duets = 1 + random.nextInt(12);
    List<Statistics> a = processes(random, duets, 1_000);
    List<Statistics> b = processes(random, duets, 1_100);
    DuetSummary.Metric forth = DuetSummary.of(a, b).median();
    DuetSummary.Metric back = DuetSummary.of(b, a).median();
    assertEquals(1, forth.ratio() * back.ratio(), 1e-12);
    assertEquals(forth.nanosA(), back.nanosB());
    assertEquals(forth.coverage(), back.coverage());
    near(forth.spread(), back.spread(), 1e-12);
    near(forth.unpairedSpread(), back.unpairedSpread(), 1e-12);
    Double lower = forth.lower();
    Double upper = forth.upper();
    near(lower == null ? null : (Double) (1 / lower), back.upper(), 1e-12);
    near(upper == null ? null : (Double) (1 / upper), back.lower(), 1e-12);
    if (lower != null && upper != null) {
      assertTrue(lower <= forth.ratio() && forth.ratio() <= upper);
    }
  }

  /** All durations times a factor leave the variation as it is, and only scale its extremes. */
  @ParameterizedTest
  @MethodSource("seeds")
  void variationIsRelative(long seed) {
    int processes = 1 + new Random(seed).nextInt(8);
    Variation plain = Variation.of(processes(new Random(seed), processes, 1_000));
    Variation scaled = Variation.of(processes(new Random(seed), processes, 8_000));
    near(plain.within(), scaled.within(), 1e-9);
    near(plain.observedBetween(), scaled.observedBetween(), 1e-9);
    near(plain.samplingError(), scaled.samplingError(), 1e-9);
    near(plain.between(), scaled.between(), 1e-9);
    assertEquals(8 * plain.smallestMedianNanos(), scaled.smallestMedianNanos(), 1e-6);
    assertEquals(8 * plain.largestMedianNanos(), scaled.largestMedianNanos(), 1e-6);
  }

  private static List<Statistics> processes(Random random, int count, long unit) {
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          double level = Math.exp(0.05 * random.nextGaussian());
          return Statistics.of(
              LongStream.generate(() -> unit * (long) (1_000 * level + random.nextInt(100)))
                  .limit(60)
                  .toArray());
        })
        .toList();
  }

  private static void near(@Nullable Double expected, @Nullable Double actual, double by) {
    if (expected == null || actual == null) {
      assertEquals(expected, actual);
    } else {
      assertEquals(expected, actual, by);
    }
  }
}
