// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples taken without a pause between them, in the order of time: when each began, on a clock
 * with any origin that all batches of a run share, and how long it took, both in nanoseconds. Owns
 * its memory, which is used again for the next batch. For one thread.
 */
public final class SampleBatch {
  /** The most samples of a batch. */
  public static final int CAPACITY = 1 << 16;

  private final long[] startNanos = new long[CAPACITY];
  private final long[] durationNanos = new long[CAPACITY];
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
  }

  /** Keeps a sample. */
  void add(long start, long duration) {
    startNanos[count] = start;
    durationNanos[count] = duration;
    count++;
  }

  /** One more answer was right. */
  void right() {
    verified++;
  }

  /** An answer was wrong; the batch ends with the sample before it. */
  void wrong(String what) {
    mismatch = what;
  }

  /** Its times cannot be believed. */
  void doubtful(String why) {
    implausible = why;
  }

  /**
   * Replaces everything by what another process reported.
   *
   * @param right how many answers were right, discarded samples included
   * @param wrong what is wrong with the answer after the last sample; null when all were right
   * @param doubt why the times cannot be believed; null when they can
   * @throws IllegalArgumentException when the arrays differ in length or are too long
   */
  public void set(
      long[] starts, long[] durations, int right, @Nullable String wrong, @Nullable String doubt) {
    if (starts.length != durations.length || starts.length > CAPACITY) {
      throw new IllegalArgumentException(
          starts.length + " starts and " + durations.length + " durations");
    }
    System.arraycopy(starts, 0, startNanos, 0, starts.length);
    System.arraycopy(durations, 0, durationNanos, 0, durations.length);
    count = starts.length;
    verified = right;
    mismatch = wrong;
    implausible = doubt;
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
