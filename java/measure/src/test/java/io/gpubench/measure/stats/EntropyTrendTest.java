// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyTrendTest {
  private static final int MANY = 200_000;

  private static EntropyTrend of(int count, IntToLongFunction durations) {
    var trend = new EntropyTrend(EntropyTrend.Limits.USUAL);
    for (int i = 0; i < count; i++) {
      trend.add(durations.applyAsLong(i));
    }
    return trend;
  }

  /** The fewest samples at which it is flat; {@link #MANY} when it never is. */
  private static int flatAt(IntToLongFunction durations) {
    var trend = new EntropyTrend(EntropyTrend.Limits.USUAL);
    for (int i = 0; i < MANY; i++) {
      trend.add(durations.applyAsLong(i));
      if (trend.flat()) {
        return i + 1;
      }
    }
    return MANY;
  }

  @Test
  void theEntropyIsThatOfTheDefinition() {
    var random = new SplittableRandom(1);
    var trend = new EntropyTrend(EntropyTrend.Limits.USUAL);
    Map<Long, Integer> counts = new HashMap<>(); // below 1,024 each value has a bin of its own
    int total = 5_000;
    for (int i = 0; i < total; i++) {
      long value = (long) (1_000 * Math.pow(random.nextDouble(), 3));
      counts.merge(value, 1, Integer::sum);
      trend.add(value);
    }
    double expected = 0;
    for (int count : counts.values()) {
      double p = (double) count / total;
      expected -= p * Math.log(p) / Math.log(2);
    }
    assertEquals(expected, trend.entropy(), 1e-9);
    assertEquals(total, trend.count());
  }

  @Test
  void knownDistributionsHaveKnownEntropies() {
    assertEquals(0, of(1_000, _ -> 50_000).entropy());
    assertEquals(0, of(0, _ -> 0).entropy());
    assertEquals(1, of(1_000, i -> i % 2 == 0 ? 50_000 : 90_000).entropy(), 1e-12);
    assertEquals(3, of(8_000, i -> 100L << (i % 8)).entropy(), 1e-12);
    assertEquals(10, of(1_024, i -> i).entropy(), 1e-9, "each alone");
  }

  @ParameterizedTest
  @CsvSource({
    "1023, 1022, false",
    "2046, 2047, false",
    "2048, 2049, true",
    "100000, 100030, true",
    "100000, 100100, false",
    "0, 1, false",
    "9223372036854775807, 9223372036854775806, true"
  })
  void binsAreAThousandthWideAndNoFinerThanANanosecond(long one, long other, boolean same) {
    assertEquals(same ? 0 : 1, of(1_000, i -> i % 2 == 0 ? one : other).entropy(), 1e-12);
  }

  @Test
  void aConstantAndTwoValuesAreFlatAsSoonAsTheWindowIsFull() {
    int constant = flatAt(_ -> 50_000);
    assertTrue(constant >= 24 && constant < 200, "flat at " + constant);
    int two = flatAt(i -> i % 2 == 0 ? 50_000 : 90_000);
    assertTrue(two >= constant && two < 1_000, "flat at " + two);
  }

  @Test
  void aWiderDistributionTakesMoreSamples() {
    var random = new SplittableRandom(3);
    int narrow = flatAt(_ -> (long) random.nextGaussian(50_000, 250));
    int wide = flatAt(_ -> (long) random.nextGaussian(50_000, 5_000));
    assertTrue(narrow < wide, narrow + " and " + wide);
    assertTrue(wide > 5_000 && wide < MANY, "flat at " + wide);
  }

  @Test
  void whatAlwaysBringsSomethingNewIsNeverFlat() {
    // sample by sample the next bin: a nanosecond longer, and from 1,024 ns on about a thousandth
    var ever = new EntropyTrend(EntropyTrend.Limits.USUAL);
    for (int bin = 0; bin < 50_000; bin++) {
      ever.add(bin < 1_024 ? bin : (1_024L + bin % 1_024) << (bin / 1_024 - 1));
      assertFalse(ever.flat());
    }
    assertEquals(1, ever.fit().slope(), 1e-9);
    EntropyTrend alone = of(1_000, i -> i);
    assertTrue(alone.fits());
    assertEquals(1, alone.fit().slope(), 1e-9, "a bit for each doubling");
    assertEquals(0, alone.fit().residual(), 1e-9);
    assertFalse(alone.flat());
  }

  @Test
  void aStepInTheMiddleIsNoticed() {
    var random = new SplittableRandom(4);
    EntropyTrend stepped =
        of(8_000, i -> (long) random.nextGaussian(i < 4_000 ? 50_000 : 60_000, 100));
    assertFalse(stepped.flat(), stepped.fit().toString());
    assertTrue(of(8_000, _ -> (long) random.nextGaussian(50_000, 100)).flat());
  }

  @Test
  void aShortSeriesIsNeverFlatAndHasNoLine() {
    EntropyTrend few = of(23, _ -> 1);
    assertFalse(few.fits());
    assertFalse(few.flat());
    assertThrows(IllegalStateException.class, few::fit);
  }

  @Test
  void limitsThatMeanNothingAreRefused() {
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new EntropyTrend.Limits(24, wrong, 0.05));
      assertThrows(IllegalArgumentException.class, () -> new EntropyTrend.Limits(24, 0.05, wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> new EntropyTrend.Limits(3, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new EntropyTrend.Limits(257, 0, 0));
  }

  @Test
  void aSampleMakesNoGarbage() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var trend = new EntropyTrend(EntropyTrend.Limits.USUAL);
    var random = new SplittableRandom(5);
    for (int i = 0; i < 100_000; i++) {
      trend.add(random.nextLong(100_000));
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100_000; i++) {
      trend.add(random.nextLong(100_000));
    }
    long garbage = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(garbage < 10_000, garbage + " bytes for 100,000 samples");
  }

  @Test
  void theEndsOfTheLimitsAreAllowed() {
    for (int window : new int[] {4, 256}) {
      for (double most : new double[] {0, 1}) {
        var limits = new EntropyTrend.Limits(window, most, 1 - most);
        assertEquals(window, limits.window());
        assertEquals(most, limits.maxSlope());
        assertEquals(1 - most, limits.maxResidual());
      }
    }
  }

  /** Of few samples each one is a point of the line; so four fill the shortest window. */
  @Test
  void theWindowIsFullWithItsLastPoint() {
    var trend = new EntropyTrend(new EntropyTrend.Limits(4, 0, 0));
    for (int i = 0; i < 4; i++) {
      assertFalse(trend.fits(), i + " of 4");
      trend.add(5);
    }
    assertTrue(trend.fits());
    assertTrue(trend.flat(), "a constant meets limits of 0 exactly");
  }

  @Test
  void aMarginIsAddedToBothLimits() {
    var growing = new EntropyTrend(new EntropyTrend.Limits(24, 0.5, 0));
    var scattered = new EntropyTrend(new EntropyTrend.Limits(24, 1, 0));
    var random = new SplittableRandom(6);
    for (int i = 0; i < 1_000; i++) {
      growing.add(i);
      scattered.add(random.nextInt(10_000));
    }
    assertFalse(growing.flat(0.49));
    assertTrue(growing.flat(0.51));
    double residual = scattered.fit().residual();
    assertTrue(residual > 1e-3, "residual " + residual);
    assertFalse(scattered.flat(0.99 * residual));
    assertTrue(scattered.flat(1.01 * residual));
  }

  /** The line of least squares, from the entropies at a sixteenth more samples each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theFitIsThatOfThePlainFormulas(long seed) {
    var random = new SplittableRandom(seed);
    int window = random.nextInt(4, 40);
    var trend = new EntropyTrend(new EntropyTrend.Limits(window, 0.05, 0.05));
    double spread = Math.exp(random.nextDouble(3, 9));
    var points = new ArrayList<double[]>();
    int next = 1;
    int count = random.nextInt(2_000, 9_000);
    for (int i = 1; i <= count; i++) {
      trend.add((long) Math.abs(random.nextGaussian(20_000 + i, spread)));
      if (i >= next) {
        next = i + Math.max(1, i / 16);
        points.add(new double[] {Math.log(i) / Math.log(2), trend.entropy()});
      }
    }
    List<double[]> latest = points.subList(points.size() - window, points.size());
    double sx = latest.stream().mapToDouble(p -> p[0]).sum();
    double sy = latest.stream().mapToDouble(p -> p[1]).sum();
    double sxx = latest.stream().mapToDouble(p -> p[0] * p[0]).sum();
    double sxy = latest.stream().mapToDouble(p -> p[0] * p[1]).sum();
    double slope = (window * sxy - sx * sy) / (window * sxx - sx * sx);
    double begin = (sy - slope * sx) / window;
    double squares =
        latest.stream().mapToDouble(p -> Math.pow(p[1] - begin - slope * p[0], 2)).sum();
    assertEquals(slope, trend.fit().slope(), 1e-9);
    assertEquals(Math.sqrt(squares / window), trend.fit().residual(), 1e-7);
  }
}
