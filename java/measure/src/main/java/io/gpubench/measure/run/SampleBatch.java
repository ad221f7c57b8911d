// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Samples taken without a pause between them, in the order of time: when each began, on a clock
 * with any origin that all batches of a run share, and how long it took, both in nanoseconds. Owns
 * its memory, which is used again for the next batch. For one thread.
 *
 * <p>Where a run is compared with a baseline, each sample has that one's duration besides.
 */
public final class SampleBatch {
  /** The most samples of a batch. */
  public static final int CAPACITY = 1 << 16;

  private final long[] startNanos = new long[CAPACITY];
  private final long[] durationNanos = new long[CAPACITY];
  private long @Nullable [] baselineNanos;
  private final Map<String, Long> discards = new TreeMap<>();
  private int count;
  private int verified;
  private @Nullable String mismatch;
  private @Nullable String implausible;

  /** Forgets everything. */
  void clear() {
    count = 0;
    verified = 0;
    mismatch = null;
    implausible = null;
    discards.clear();
  }

  /** Keeps a sample. */
  void add(long start, long duration) {
    startNanos[count] = start;
    durationNanos[count] = duration;
    count++;
  }

  /** Keeps a sample with what its baseline took. */
  void add(long start, long duration, long baseline) {
    if (baselineNanos == null) {
      baselineNanos = new long[CAPACITY];
    }
    baselineNanos[count] = baseline;
    add(start, duration);
  }

  /** So many samples were taken, and are not kept, for a reason of a few words. */
  void discard(String reason, long samples) {
    discards.merge(reason, samples, Long::sum);
  }

  /** The times cannot be believed. */
  void doubt(String why) {
    implausible = why;
  }

  /** One more answer was right. */
  void right() {
    verified++;
  }

  /** An answer was wrong; the batch ends with the sample before it. */
  void wrong(String what) {
    mismatch = what;
  }

  /**
   * Replaces everything by what another process reported.
   *
   * @param baselines of each sample; null without
   * @param right how many answers were right, discarded samples included
   * @param wrong what is wrong with the answer after the last sample; null when all were right
   * @param doubt why the times cannot be believed; null when they can
   * @param left how many samples were not kept, by reason
   * @throws IllegalArgumentException when the arrays differ in length or are too long
   */
  public void set(
      long[] starts,
      long[] durations,
      long @Nullable [] baselines,
      int right,
      @Nullable String wrong,
      @Nullable String doubt,
      Map<String, Long> left) {
    if (starts.length != durations.length
        || starts.length > CAPACITY
        || (baselines != null && baselines.length != starts.length)) {
      throw new IllegalArgumentException(
          starts.length + " starts and " + durations.length + " durations");
    }
    System.arraycopy(starts, 0, startNanos, 0, starts.length);
    System.arraycopy(durations, 0, durationNanos, 0, durations.length);
    baselineNanos = baselines == null ? null : Arrays.copyOf(baselines, CAPACITY);
    count = starts.length;
    verified = right;
    mismatch = wrong;
    implausible = doubt;
    discards.clear();
    discards.putAll(left);
  }

  /** How many samples were kept, 0 .. {@link #CAPACITY}. */
  public int count() {
    return count;
  }

  /** When a sample began, in nanoseconds. */
  public long startNanos(int index) {
    return startNanos[index];
  }

  /** How long a sample took, in nanoseconds; 0 where the clock did not advance. */
  public long durationNanos(int index) {
    return durationNanos[index];
  }

  /** A copy of all starts. */
  public long[] starts() {
    return Arrays.copyOf(startNanos, count);
  }

  /** A copy of all durations. */
  public long[] durations() {
    return Arrays.copyOf(durationNanos, count);
  }

  /** Whether each sample has a baseline. */
  public boolean paired() {
    return baselineNanos != null;
  }

  /** How long a sample's baseline took, in nanoseconds; only where there are baselines. */
  long baselineNanos(int index) {
    return Objects.requireNonNull(baselineNanos)[index];
  }

  /** A copy of what the baselines took; null where there are none. */
  public long @Nullable [] baselines() {
    return baselineNanos == null ? null : Arrays.copyOf(baselineNanos, count);
  }

  /** How many samples were taken and not kept, by reason. */
  public Map<String, Long> discards() {
    return discards;
  }

  /** How many answers were right, those of discarded samples included. */
  public int verified() {
    return verified;
  }

  /** What was wrong with the first wrong answer; null when all were right. */
  public @Nullable String mismatch() {
    return mismatch;
  }

  /** Why these times cannot be believed; null when they can. */
  public @Nullable String implausible() {
    return implausible;
  }
}
