// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

/**
 * When samples began, from the first, and how long they took, in nanoseconds, in the order of time.
 * The arrays are not copied, and only read.
 */
public final class SampleTimes {
  /** No sample. */
  public static final SampleTimes NONE = new SampleTimes(new long[0], new long[0]);

  private final long[] starts;
  private final long[] durations;

  /**
   * Of arrays.
   *
   * @throws IllegalArgumentException when they differ in length
   */
  public SampleTimes(long[] starts, long[] durations) {
    if (starts.length != durations.length) {
      throw new IllegalArgumentException(
          starts.length + " starts and " + durations.length + " durations");
    }
    this.starts = starts;
    this.durations = durations;
  }

  int count() {
    return starts.length;
  }

  long start(int sample) {
    return starts[sample];
  }

  long duration(int sample) {
    return durations[sample];
  }

  long end(int sample) {
    return starts[sample] + durations[sample];
  }

  long endOfLast() {
    return end(count() - 1);
  }
}
