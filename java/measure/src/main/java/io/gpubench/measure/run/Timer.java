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

  /** Reads a clock some 80,000 times, half of that to warm up; takes a few milliseconds. */
  public static Timer measure(Clock clock) {
    long[] steps = new long[READINGS];
    readings(clock, steps);
    readings(clock, steps);
    Arrays.sort(steps);
    long smallest = Arrays.stream(steps).filter(step -> step > 0).findFirst().orElse(0);
    return new Timer(smallest, steps[READINGS / 2]);
  }

  private static void readings(Clock clock, long[] steps) {
    for (int i = 0; i < steps.length; i++) {
      long first = clock.nanos();
      steps[i] = clock.nanos() - first;
    }
  }

  /**
   * Whether a duration is too short for this timer: under twice what an empty window shows, or
   * under one step.
   */
  public boolean cannotResolve(double nanos) {
    return nanos / 2 < overheadNanos || nanos < resolutionNanos;
  }

  /** A monotonic clock in nanoseconds. */
  @FunctionalInterface
  public interface Clock {
    /** {@link System#nanoTime()}. */
    Clock SYSTEM = System::nanoTime;

    long nanos();
  }
}
