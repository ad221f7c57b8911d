// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Arrays;

/**
 * Whether times have settled: the medians of the last two windows are within 2 % of each other. A
 * window is half of the samples, at most {@value #WINDOW_MAX}. All memory is allocated at
 * construction. For one measurement and one thread.
 */
final class Steadiness {
  static final int WINDOW_MAX = 512;
  private static final int WINDOW_MIN = 16;
  private static final double STEADY = 0.02;

  private final long[] recent = new long[2 * WINDOW_MAX];
  private final long[] older = new long[WINDOW_MAX];
  private final long[] newer = new long[WINDOW_MAX];
  private long count;
  private long nextLook = 2L * WINDOW_MIN;
  private boolean steady;

  void add(long durationNanos) {
    recent[(int) (count % recent.length)] = durationNanos;
    count++;
  }

  /** The answer of the last look; there is one whenever the samples have grown by an eighth. */
  boolean steady() {
    if (count >= nextLook) {
      nextLook = count + count / 8 + WINDOW_MIN;
      steady = agree();
    }
    return steady;
  }

  private boolean agree() {
    int window = (int) Math.min(WINDOW_MAX, count / 2);
    for (int i = 0; i < window; i++) {
      newer[i] = recent[(int) ((count - 1 - i) % recent.length)];
      older[i] = recent[(int) ((count - 1 - window - i) % recent.length)];
    }
    double late = median(newer, window);
    return Math.abs(median(older, window) - late) <= STEADY * late;
  }

  private static double median(long[] values, int count) {
    Arrays.sort(values, 0, count);
    return (values[(count - 1) / 2] + values[count / 2]) / 2.0;
  }
}
