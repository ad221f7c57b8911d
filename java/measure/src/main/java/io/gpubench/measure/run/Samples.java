// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Raw samples of one process in the order of time: when each began, counted from the first, and how
 * long it took, both in nanoseconds. Everything is allocated at construction. Written and read by
 * the measuring thread.
 */
public final class Samples {
  /** Why a sample was not kept whose duration is not positive. */
  public static final String CLOCK_STOOD = "the clock did not advance";

  private final long[] startNanos;
  private final long[] durationNanos;
  private int count;
  private long origin;
  private final Map<String, Long> discards = new TreeMap<>();

  /**
   * Makes room.
   *
   * @param capacity the most samples that can be kept, at least 1
   */
  public Samples(int capacity) {
    startNanos = new long[capacity];
    durationNanos = new long[capacity];
  }

  /**
   * Keeps a sample, or counts it as discarded when its duration is not positive.
   *
   * @param start on a clock with any origin
   */
  void add(long start, long duration) {
    if (duration <= 0) {
      discard(CLOCK_STOOD, 1);
      return;
    }
    if (count == 0) {
      origin = start;
    }
    startNanos[count] = start - origin;
    durationNanos[count] = duration;
    count++;
  }

  /** Counts samples that are not kept. */
  void discard(String reason, long samples) {
    if (samples > 0) {
      discards.merge(reason, samples, Long::sum);
    }
  }

  /** How many samples are kept. */
  public int count() {
    return count;
  }

  /** The number of samples that were not kept, by reason; empty when all were. */
  public Map<String, Long> discards() {
    return Collections.unmodifiableMap(new TreeMap<>(discards));
  }

  /** When kept sample {@code index} began, in nanoseconds since the first one began. */
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
