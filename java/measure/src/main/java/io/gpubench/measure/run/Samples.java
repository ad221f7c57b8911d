// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Raw samples of one record in the order of time: when each began, counted from the start of measuring, and how long it
 * took, both in nanoseconds. Everything is allocated at construction. Written and read by the measuring thread.
 */
public final class Samples {
  private final long[] startNanos;
  private final long[] durationNanos;
  private final long[] discards = new long[Discard.values().length];
  private int count;

  /** Why a sample was not kept. */
  public enum Discard {
    /** The clock showed the same time, or an earlier one, after the work as before it. */
    CLOCK_DID_NOT_ADVANCE("the clock did not advance");

    private final String reason;

    Discard(String reason) {
      this.reason = reason;
    }
  }

  /**
   * @param capacity the most samples that can be kept, at least 1
   */
  public Samples(int capacity) {
    startNanos = new long[capacity];
    durationNanos = new long[capacity];
  }

  /** Keeps a sample, or counts it as discarded when its duration is not positive. */
  void add(long start, long duration) {
    if (duration <= 0) {
      discards[Discard.CLOCK_DID_NOT_ADVANCE.ordinal()]++;
      return;
    }
    startNanos[count] = start;
    durationNanos[count] = duration;
    count++;
  }

  /** How many samples are kept. */
  public int count() {
    return count;
  }

  /** How many samples were not kept. */
  public long discarded() {
    return Arrays.stream(discards).sum();
  }

  /** The number of discarded samples by reason; empty when all were kept. */
  public Map<String, Long> discards() {
    var byReason = new LinkedHashMap<String, Long>();
    for (Discard discard : Discard.values()) {
      if (discards[discard.ordinal()] > 0) {
        byReason.put(discard.reason, discards[discard.ordinal()]);
      }
    }
    return byReason;
  }

  /** When kept sample {@code index} began, in nanoseconds since measuring began. */
  public long startNanos(int index) {
    return startNanos[index];
  }

  /** How long kept sample {@code index} took, in nanoseconds, at least 1. */
  public long durationNanos(int index) {
    return durationNanos[index];
  }

  /** A copy of all kept durations in the order of time. */
  public long[] durations() {
    return Arrays.copyOf(durationNanos, count);
  }

  /** The array behind {@link #durationNanos}, valid up to {@link #count}; for reading only. */
  long[] durationArray() {
    return durationNanos;
  }
}
