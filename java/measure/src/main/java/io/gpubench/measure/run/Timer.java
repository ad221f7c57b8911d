// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;

/**
 * What the clock of this machine can resolve.
 *
 * @param resolutionNanos the smallest step that two successive readings were seen to differ by, in
 *     nanoseconds
 * @param overheadNanos median difference of two successive readings: what an empty timed window
 *     shows, in nanoseconds
 */
public record Timer(long resolutionNanos, long overheadNanos) {
  private static final int READINGS = 20_000;

  /** Reads a clock some 20,000 times; takes about a millisecond. */
  public static Timer measure(Clock clock) {
    long[] steps = new long[READINGS];
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long first = clock.nanos();
      long step = clock.nanos() - first;
      steps[i] = step;
      if (step > 0) {
        smallest = Math.min(smallest, step);
      }
    }
    Arrays.sort(steps);
    return new Timer(smallest == Long.MAX_VALUE ? 0 : smallest, steps[READINGS / 2]);
  }

  /**
   * Whether a duration is too short for this timer: under twice what an empty window shows, or
   * under one step.
   */
  public boolean cannotResolve(double nanos) {
    return nanos < Math.max(2 * overheadNanos, resolutionNanos);
  }

  /** A monotonic clock in nanoseconds. */
  @FunctionalInterface
  public interface Clock {
    /** {@link System#nanoTime()}. */
    Clock SYSTEM = System::nanoTime;

    long nanos();
  }
}
