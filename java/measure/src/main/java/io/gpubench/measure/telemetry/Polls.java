// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What sensors said, poll by poll, in the order of time. A cell of a poll and a sensor is a number,
 * the word of a gap, or neither where the sensor was not asked. For one thread at a time.
 */
public final class Polls {
  private final int sensors;
  private long[] atNanos = new long[64];
  private long[] tookNanos = new long[64];
  private double[] values;
  private @Nullable String[] gaps;
  private int count;

  /**
   * None yet.
   *
   * @param sensors how many cells each poll has
   */
  public Polls(int sensors) {
    this.sensors = sensors;
    this.values = new double[64 * sensors];
    this.gaps = new String[64 * sensors];
  }

  /**
   * Begins a poll, all of whose sensors are not asked yet.
   *
   * @param at when it began, in nanoseconds on the clock of the samples
   */
  public void begin(long at) {
    if (count == atNanos.length) {
      atNanos = Arrays.copyOf(atNanos, 2 * count);
      tookNanos = Arrays.copyOf(tookNanos, 2 * count);
      values = Arrays.copyOf(values, 2 * count * sensors);
      gaps = Arrays.copyOf(gaps, 2 * count * sensors);
    }
    atNanos[count] = at;
    tookNanos[count] = 0;
    Arrays.fill(values, count * sensors, (count + 1) * sensors, Double.NaN);
    Arrays.fill(gaps, count * sensors, (count + 1) * sensors, null);
    count++;
  }

  /** What a sensor said in the last poll that began: a number, or NaN and a gap. */
  public void set(int sensor, double value, @Nullable String gap) {
    values[(count - 1) * sensors + sensor] = value;
    gaps[(count - 1) * sensors + sensor] = gap;
  }

  /** How long the last poll that began has taken, in nanoseconds. */
  public void took(long nanos) {
    tookNanos[count - 1] = nanos;
  }

  /** How many cells each poll has. */
  public int sensors() {
    return sensors;
  }

  public int count() {
    return count;
  }

  /** When a poll began, in nanoseconds. */
  public long atNanos(int poll) {
    return atNanos[poll];
  }

  /** How long a poll took, in nanoseconds. */
  public long tookNanos(int poll) {
    return tookNanos[poll];
  }

  /** The number of a cell; NaN where there is none. */
  public double value(int poll, int sensor) {
    return values[poll * sensors + sensor];
  }

  /** The gap of a cell; null where there is a number or the sensor was not asked. */
  public @Nullable String gap(int poll, int sensor) {
    return gaps[poll * sensors + sensor];
  }

  /** Appends others. */
  void addAll(Polls more) {
    for (int poll = 0; poll < more.count; poll++) {
      begin(more.atNanos[poll]);
      took(more.tookNanos[poll]);
      for (int sensor = 0; sensor < sensors; sensor++) {
        set(sensor, more.value(poll, sensor), more.gap(poll, sensor));
      }
    }
  }

  /** Puts a gap in place of every number of a sensor from one poll to another, both included. */
  void discredit(int sensor, int first, int last, String gap) {
    for (int cell = first * sensors + sensor; cell <= last * sensors + sensor; cell += sensors) {
      if (!Double.isNaN(values[cell])) {
        values[cell] = Double.NaN;
        gaps[cell] = gap;
      }
    }
  }

  /** Counts times from another origin. */
  void countFrom(long origin) {
    for (int poll = 0; poll < count; poll++) {
      atNanos[poll] -= origin;
    }
  }
}
