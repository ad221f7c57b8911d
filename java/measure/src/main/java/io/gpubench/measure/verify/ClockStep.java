// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.run.Timer;
import org.jspecify.annotations.Nullable;

/** How coarse the clock of a process can be at most. */
final class ClockStep {
  /**
   * What a clock is allowed that we did not try out ourselves, in nanoseconds: that of a foreign
   * engine counts microseconds perhaps, and the events of some devices come on multiples of 1,024.
   */
  static final long UNKNOWN_NANOS = 1_024;

  private ClockStep() {}

  /**
   * An upper bound of its steps, in nanoseconds, at least 1. What a timer saw as its smallest step
   * is at least one step of its clock, and several where a reading takes longer than that.
   */
  static long nanos(MeasuredProcess process) {
    Timer timer = process.part().timer();
    boolean tried = triedOut(process, timer);
    long seen = timer == null ? 0 : timer.resolutionNanos();
    if (tried) {
      return seen;
    }
    // Of a coarser clock all readings are multiples, and so are all starts and durations.
    return Math.max(Math.max(UNKNOWN_NANOS, seen), commonDivisor(process.samples()));
  }

  private static boolean triedOut(MeasuredProcess process, @Nullable Timer timer) {
    return timer != null
        && timer.resolutionNanos() > 0
        && !process.foreign()
        && process.record().clock().equals("host");
  }

  private static long commonDivisor(RawSamples samples) {
    long divisor = 0;
    for (int i = 0; i < samples.count() && divisor != 1; i++) {
      divisor = greatestCommonDivisor(divisor, samples.duration(i));
      divisor = greatestCommonDivisor(divisor, Math.abs(samples.start(i) - samples.start(0)));
    }
    // One sample says nothing of a clock.
    return samples.count() == 1 ? 0 : divisor;
  }

  /** Of numbers that are not negative; of 0 and another it is the other. */
  static long greatestCommonDivisor(long a, long b) {
    long larger = a;
    long smaller = b;
    while (smaller != 0) {
      long rest = larger % smaller;
      larger = smaller;
      smaller = rest;
    }
    return larger;
  }
}
