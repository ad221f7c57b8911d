// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantileIntervalTest {
  private static final int SERIES = 1_000;

  @Test
  void boundsAreSamples() {
    long[] sorted = LongStream.rangeClosed(1, 1_000).map(i -> 10 * i).toArray();
    QuantileInterval median = QuantileInterval.of(sorted, 0.5, 1);
    assertEquals(4690.0, median.lower());
    assertEquals(5320.0, median.upper());
    assertEquals(0.95, median.confidence());
    assertEquals(
        new QuantileInterval(9970.0, null, 0.95, null), QuantileInterval.of(sorted, 0.999, 1));
  }

  @Test
  void refusesNoSamples() {
    assertThrows(IllegalArgumentException.class, () -> QuantileInterval.of(new long[0], 0.5, 1));
  }

  @Test
  void coversTheMedianOfIndependentSamples() {
    double trueMedian = 5_000; // of the log-normal shape
    double coverage = coverage(SampleShape.LOGNORMAL, 400, trueMedian, true);
    assertTrue(coverage > 0.93 && coverage < 0.98, "coverage " + coverage);
  }

  @Test
  void coversTheMedianOfAutocorrelatedSamples() {
    double corrected = coverage(SampleShape.AR1, 1_000, SampleShape.AR1_MEDIAN, true);
    double naive = coverage(SampleShape.AR1, 1_000, SampleShape.AR1_MEDIAN, false);
    assertTrue(corrected >= 0.85, "corrected " + corrected);
    assertTrue(naive < 0.75, "naive " + naive);
  }

  private static double coverage(SampleShape shape, int count, double truth, boolean corrected) {
    int covered = 0;
    for (int seed = 0; seed < SERIES; seed++) {
      long[] samples = shape.samples(seed, count);
      QuantileInterval interval;
      if (corrected) {
        interval = Statistics.of(samples).intervals().median();
      } else {
        Arrays.sort(samples);
        interval = QuantileInterval.of(samples, 0.5, 1);
      }
      Double lower = interval.lower();
      Double upper = interval.upper();
      covered += lower != null && upper != null && lower <= truth && truth <= upper ? 1 : 0;
    }
    return (double) covered / SERIES;
  }
}
