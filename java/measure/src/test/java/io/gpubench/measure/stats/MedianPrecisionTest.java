// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MedianPrecisionTest {
  @ParameterizedTest
  @EnumSource
  void agreesWithTheIntervalOfTheRecord(SampleShape shape) {
    var precision = new MedianPrecision(3_000);
    for (int count : new int[] {3_000, 1, 2, 5, 6, 50, 999, 1_000}) {
      long[] samples = shape.samples(count, count + 10);
      long[] untouched = samples.clone();
      Statistics statistics = Statistics.of(samples, count);
      Double lower = statistics.intervals().median().lower();
      Double upper = statistics.intervals().median().upper();
      double expected =
          lower == null || upper == null
              ? Double.POSITIVE_INFINITY
              : (upper - lower) / 2 / statistics.median();
      assertEquals(expected, precision.relativeHalfWidth(samples, count), shape + " " + count);
      assertArrayEquals(untouched, samples);
    }
  }

  @Test
  void narrowsWithTheSquareRootOfTheSamples() {
    long[] samples = SampleShape.NORMAL.samples(7, 100_000);
    var precision = new MedianPrecision(samples.length);
    double few = precision.relativeHalfWidth(samples, 1_000);
    double many = precision.relativeHalfWidth(samples, 100_000);
    assertTrue(few / many > 5 && few / many < 20, few + " " + many);
  }

  @Test
  void neverNaN() {
    var precision = new MedianPrecision(100);
    long[] zeros = new long[100];
    assertEquals(0, precision.relativeHalfWidth(zeros, 100));
    assertEquals(Double.POSITIVE_INFINITY, precision.relativeHalfWidth(zeros, 5));
    long[] mostlyZeros = new long[100];
    Arrays.setAll(mostlyZeros, i -> i * 37 % 100 < 55 ? 0 : 1);
    assertEquals(Double.POSITIVE_INFINITY, precision.relativeHalfWidth(mostlyZeros, 100));
  }

  @Test
  void refusesWhatDoesNotFit() {
    var precision = new MedianPrecision(10);
    assertThrows(
        IndexOutOfBoundsException.class, () -> precision.relativeHalfWidth(new long[20], 11));
    assertThrows(
        IndexOutOfBoundsException.class, () -> precision.relativeHalfWidth(new long[5], 6));
    assertThrows(IllegalArgumentException.class, () -> precision.relativeHalfWidth(new long[5], 0));
    assertThrows(IllegalArgumentException.class, () -> new MedianPrecision(0));
  }

  @Test
  void aMillionSamples() {
    long[] samples = SampleShape.AR1.samples(3, 1_000_000);
    double width = new MedianPrecision(samples.length).relativeHalfWidth(samples, samples.length);
    assertTrue(width > 0 && width < 1e-4, "width " + width);
  }

  @Test
  void hasRoomForASingleSample() {
    var precision = new MedianPrecision(1);
    assertEquals(Double.POSITIVE_INFINITY, precision.relativeHalfWidth(new long[] {5}, 1));
  }
}
