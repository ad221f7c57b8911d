// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The readings of one sensor, without its gaps, in the order of time. Immutable. */
final class Series {
  /** So many stretches between changes tell how often a sensor is updated. */
  private static final int FEWEST_STRETCHES = 4;

  /** A stretch between changes is known well if polls were so many times closer to each other. */
  private static final int FINE = 4;

  private final long[] at;
  private final double[] values;

  private Series(long[] at, double[] values) {
    this.at = at;
    this.values = values;
  }

  static Series of(Polls polls, int sensor) {
    long[] at = new long[polls.count()];
    double[] values = new double[polls.count()];
    int count = 0;
    for (int poll = 0; poll < polls.count(); poll++) {
      double value = polls.value(poll, sensor);
      if (!Double.isNaN(value)) {
        at[count] = polls.atNanos(poll);
        values[count++] = value;
      }
    }
    return new Series(Arrays.copyOf(at, count), Arrays.copyOf(values, count));
  }

  /** The readings that were taken from one time to another, both inclusive. */
  Series between(long from, long to) {
    int first = 0;
    while (first < at.length && at[first] < from) {
      first++;
    }
    int end = first;
    while (end < at.length && at[end] <= to) {
      end++;
    }
    return new Series(Arrays.copyOfRange(at, first, end), Arrays.copyOfRange(values, first, end));
  }

  int count() {
    return at.length;
  }

  /** When a reading was taken, in nanoseconds. */
  long at(int reading) {
    return at[reading];
  }

  double value(int reading) {
    return values[reading];
  }

  double min() {
    return Arrays.stream(values).min().orElse(Double.NaN);
  }

  double max() {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }

  double mean() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** By how much a counter grew; null with one reading, or where it began anew. */
  @Nullable Double increase() {
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[i - 1]) {
        return null;
      }
    }
    return values.length < 2 ? null : (Double) (values[values.length - 1] - values[0]);
  }

  /** How often a reading differed from the one before. */
  long changes() {
    long changes = 0;
    for (int i = 1; i < values.length; i++) {
      changes += values[i] == values[i - 1] ? 0 : 1;
    }
    return changes;
  }

  /**
   * How often the sensor is updated, in seconds; null where it changed too seldom to tell. A sensor
   * is updated at equal intervals, and polls see that late: so the median of the stretches between
   * two changes counts that were at least four times as long as the polls were apart. Where there
   * are too few of these it changes faster than it was asked, or hardly: then the lower quartile of
   * all stretches is a bound.
   */
  @Nullable Double updateSeconds() {
    long[] stretches = new long[at.length];
    long[] resolved = new long[at.length];
    int all = 0;
    int fine = 0;
    int change = -1;
    for (int i = 1; i < at.length; i++) {
      if (values[i] == values[i - 1]) {
        continue;
      }
      if (change > 0) {
        long stretch = at[i] - at[change];
        long apart = Math.max(at[i] - at[i - 1], at[change] - at[change - 1]);
        stretches[all++] = stretch;
        if (stretch >= FINE * apart) {
          resolved[fine++] = stretch;
        }
      }
      change = i;
    }
    if (fine >= FEWEST_STRETCHES) {
      return quantile(resolved, fine, 2);
    }
    return all >= FEWEST_STRETCHES ? (Double) quantile(stretches, all, 4) : null;
  }

  /** In seconds, the number of which one part in so many is smaller. */
  private static double quantile(long[] nanos, int count, int part) {
    Arrays.sort(nanos, 0, count);
    return nanos[count / part] / 1e9;
  }
}
