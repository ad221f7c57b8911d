// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a sample file holds: when each sample of a process began and how long it took, in
 * nanoseconds, in the order of time. Thread-safe as long as nobody writes to its arrays.
 */
public final class RawSamples {
  private final long[] starts;
  private final long[] durations;
  private final long @Nullable [] baselines;
  private final boolean cutOff;

  RawSamples(long[] starts, long[] durations, long @Nullable [] baselines, boolean cutOff) {
    this.starts = starts;
    this.durations = durations;
    this.baselines = baselines;
    this.cutOff = cutOff;
  }

  /**
   * Samples from elsewhere.
   *
   * @throws IllegalArgumentException when the arrays differ in length
   */
  public static RawSamples of(long[] starts, long[] durations) {
    if (starts.length != durations.length) {
      throw new IllegalArgumentException(
          starts.length + " starts and " + durations.length + " durations");
    }
    return new RawSamples(
        Arrays.copyOf(starts, starts.length),
        Arrays.copyOf(durations, durations.length),
        null,
        false);
  }

  /** How many whole lines there are. */
  public int count() {
    return durations.length;
  }

  /** When sample {@code index} began, at least 0. */
  public long start(int index) {
    return starts[index];
  }

  /** How long sample {@code index} took, at least 1. */
  public long duration(int index) {
    return durations[index];
  }

  /** The durations, not a copy: for reading only. */
  public long[] durations() {
    return durations;
  }

  /** The starts, not a copy: for reading only. */
  public long[] starts() {
    return starts;
  }

  /** What the baseline of each sample took, not a copy: for reading only; null without. */
  public long @Nullable [] baselines() {
    return baselines;
  }

  /** Whether the last line, or the only one, has no line feed; it is left out. */
  public boolean cutOff() {
    return cutOff;
  }
}
