// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks the times that a worker reports against our own clock, batch by batch. Its clock may have
 * any origin, and run a little faster or slower than ours. One for each prepared run; used by one
 * thread.
 */
final class ReportedTimes {
  /** A worker's clock may be ahead of ours by one part in so many when it ends a batch. */
  private static final int EARLY = 50;

  /** So far from its origin no clock is; sums of two such readings are exact. */
  private static final long FARTHEST = 1L << 61;

  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int DRIFT = 100; // one part in so many

  private final long begin;
  private long previousEnd = Long.MIN_VALUE;
  // Bounds of the difference between the worker's clock and ours.
  private long leastOffset = Long.MIN_VALUE;
  private long mostOffset = Long.MAX_VALUE;

  /**
   * Begins.
   *
   * @param now on our clock, in nanoseconds
   */
  ReportedTimes(long now) {
    begin = now;
  }

  /**
   * Looks at the next batch.
   *
   * @param starts on the worker's clock
   * @param durations as many, not negative
   * @param sent when the batch was asked for, on our clock
   * @param received when the answer was there, on our clock
   * @return why these times cannot be; null when they can
   */
  @Nullable String impossible(long[] starts, long[] durations, long sent, long received) {
    if (starts.length == 0) {
      return null;
    }
    long elapsed = received - sent;
    long most = elapsed + elapsed / DRIFT + SLACK_NANOS;
    for (int i = 0; i < starts.length; i++) {
      if (durations[i] > most) {
        return "a sample is said to have taken %,d ns, but its request was answered after %,d ns"
            .formatted(durations[i], elapsed);
      }
      if (starts[i] < -FARTHEST || starts[i] > FARTHEST) {
        return "a sample is said to have begun at " + starts[i] + " ns";
      }
      if (starts[i] < previousEnd) {
        return "a sample began %,d ns before the one before it had ended"
            .formatted(previousEnd - starts[i]);
      }
      previousEnd = starts[i] + durations[i];
    }
    long span = previousEnd - starts[0];
    if (span > most) {
      return "%d samples are said to have taken %,d ns in all, but their request was answered after %,d ns"
          .formatted(starts.length, span, elapsed);
    }
    leastOffset = Math.max(leastOffset, previousEnd - received);
    mostOffset = Math.min(mostOffset, starts[0] - sent);
    long drift = SLACK_NANOS + (received - begin) / DRIFT;
    return leastOffset - mostOffset > drift
        ? "by its clock, samples were taken %,d ns before they were asked for or after they were reported"
            .formatted(leastOffset - mostOffset)
        : null;
  }

  /**
   * Whether a batch ended before its time: a worker that leaves out samples is never in want of
   * good ones.
   *
   * @param count samples that it has
   * @param asked how many were asked for
   * @param nanos how long it had to go on if it had fewer
   * @param elapsed how long it took, on our clock
   * @return what is wrong; null when nothing is
   */
  static @Nullable String early(int count, int asked, long nanos, long elapsed) {
    return count < asked && elapsed < nanos - nanos / EARLY - SLACK_NANOS
        ? "a batch has %,d samples after %,d ns; it had to go on for %,d samples or %,d ns: some may be missing"
            .formatted(count, elapsed, asked, nanos)
        : null;
  }
}
