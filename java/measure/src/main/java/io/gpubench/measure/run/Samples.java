// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Raw samples of one process in the order of time: when each began, counted from the first, and how
 * long it took, both in nanoseconds. Everything is allocated at construction, but for baselines,
 * which few runs have. Written and read by the measuring thread.
 */
public final class Samples {
  /** Why a sample whose duration is not positive is discarded. */
  public static final String STOOD_STILL = "the clock did not advance";

  private final long[] startNanos;
  private final long[] durationNanos;
  private final Map<String, Long> discards = new TreeMap<>();
  private long @Nullable [] baselineNanos;
  private int count;
  private long origin;
  private long discarded;

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
      discarded++;
      return;
    }
    if (count == 0) {
      origin = start;
    }
    startNanos[count] = start - origin;
    durationNanos[count] = duration;
    count++;
  }

  /**
   * Keeps a sample and its baseline, or counts both as discarded when either duration is not
   * positive.
   */
  void add(long start, long duration, long baseline) {
    if (duration <= 0 || baseline <= 0) {
      discarded++;
      return;
    }
    if (baselineNanos == null) {
      baselineNanos = new long[durationNanos.length];
    }
    baselineNanos[count] = baseline;
    add(start, duration);
  }

  /** So many samples were taken and are not kept, for a reason of a few words. */
  void discard(String reason, long samples) {
    discards.merge(reason, samples, Long::sum);
  }

  /** How many samples are kept. */
  public int count() {
    return count;
  }

  /** The number of samples that were not kept, by reason; empty when all were. */
  public Map<String, Long> discards() {
    var all = new TreeMap<>(discards);
    if (discarded > 0) {
      all.put(STOOD_STILL, discarded);
    }
    return all;
  }

  /** Whether each sample has a baseline. */
  public boolean paired() {
    return baselineNanos != null;
  }

  /** How long the baseline of kept sample {@code index} took, in nanoseconds, at least 1. */
  public long baselineNanos(int index) {
    return Objects.requireNonNull(baselineNanos)[index];
  }

  /** A copy of what the baselines took; null where there are none. */
  public long @Nullable [] baselines() {
    return baselineNanos == null ? null : Arrays.copyOf(baselineNanos, count);
  }

  /** When kept sample {@code index} began, in nanoseconds since the first one began. */
  public long startNanos(int index) {
    return startNanos[index];
  }

  /** How long kept sample {@code index} took, in nanoseconds, at least 1. */
  public long durationNanos(int index) {
    return durationNanos[index];
  }

  /** When the first kept sample began, in nanoseconds on the clock of whoever timed it. */
  public long origin() {
    return origin;
  }

  /** A copy of the starts of all kept samples, counted from the first. */
  public long[] starts() {
    return Arrays.copyOf(startNanos, count);
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
