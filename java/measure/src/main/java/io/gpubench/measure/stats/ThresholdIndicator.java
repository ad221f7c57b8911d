// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;

/**
 * The indicator "this sample is not above the quantile" of a series, as a bit set, and its
 * integrated autocorrelation time. Allocates at construction only; not thread-safe, reusable for
 * one series after another.
 *
 * <p>The autocorrelation at one lag costs one population count per 64 samples.
 */
final class ThresholdIndicator {
  /**
   * Sokal's constant: the sum over lags ends at the first lag that is this many autocorrelation
   * times.
   */
  static final int WINDOW = 5;

  /** The most lags summed before the series is thinned; see {@link #autocorrelationTime}. */
  static final int MAX_LAG = 256;

  private static final long EVEN_BITS = 0x5555_5555_5555_5555L;

  /** Sample i is bit i % 64 of word i / 64; what follows the series is zero, at least one word. */
  private final long[] words;

  /** For series of at most {@code capacity} samples. */
  ThresholdIndicator(int capacity) {
    words = new long[wordCount(capacity) + 1];
  }

  /**
   * The integrated autocorrelation time τ = 1 + 2 Σ ρ(k) of the indicator, in samples; n / τ is the
   * effective sample size. The sum ends at the first lag k ≥ 5 max(1, τ(k)) (A. Sokal, "Monte Carlo
   * Methods in Statistical Mechanics", 1997, section 3) and in any case at a quarter of the series.
   * A series still open after {@value #MAX_LAG} lags is so slow that every other sample tells as
   * much: it is thinned by two, as often as needed, and τ counts in the original samples.
   *
   * @param samples the series in order of time
   * @param count how many of them, from the first; at most the capacity
   * @param quantile in (0, 1)
   * @param estimate the estimate of that quantile of these samples
   * @return at least 1, also where anticorrelation would give less; 1 for a series that never
   *     crosses the quantile
   */
  double autocorrelationTime(long[] samples, int count, double quantile, double estimate) {
    mark(samples, count, threshold(samples, count, quantile, estimate));
    int stride = 1;
    int n = count;
    while (true) {
      double time = windowedTime(n);
      if (WINDOW * time <= MAX_LAG || n / 4 <= MAX_LAG) {
        return stride * time;
      }
      n = thin(n);
      stride *= 2;
    }
  }

  /**
   * The largest value for which the indicator is one. It is that of {x ≤ estimate}, or that of {x <
   * estimate} where this splits the samples nearer to the quantile: with a coarse timer, ties at
   * the estimate can make either constant.
   */
  private static long threshold(long[] samples, int count, double quantile, double estimate) {
    long atMost = (long) Math.floor(estimate);
    long below = (long) Math.ceil(estimate) - 1;
    int countAtMost = 0;
    int countBelow = 0;
    for (int i = 0; i < count; i++) {
      countAtMost += samples[i] <= atMost ? 1 : 0;
      countBelow += samples[i] <= below ? 1 : 0;
    }
    double target = quantile * count;
    return Math.abs(countBelow - target) < Math.abs(countAtMost - target) ? below : atMost;
  }

  private void mark(long[] samples, int count, long threshold) {
    Arrays.fill(words, 0, wordCount(count) + 1, 0);
    for (int i = 0; i < count; i++) {
      words[i >>> 6] |= (samples[i] <= threshold ? 1L : 0L) << i;
    }
  }

  private double windowedTime(int n) {
    int ones = 0;
    for (int i = 0; i < wordCount(n); i++) {
      ones += Long.bitCount(words[i]);
    }
    if (ones == 0 || ones == n) {
      return 1;
    }
    double share = (double) ones / n;
    double variance = ones * (1 - share);
    double time = 1;
    int head = ones; // ones among the first n - lag samples
    int tail = ones; // ones among the last n - lag samples
    int lags = Math.min(MAX_LAG, n / 4);
    for (int lag = 1; lag <= lags && lag - 1 < WINDOW * Math.max(1, time); lag++) {
      head -= bit(n - lag);
      tail -= bit(lag - 1);
      double covariance =
          coincidences(lag, n) - share * ((double) head + tail) + share * share * (n - lag);
      time += 2 * covariance / variance;
    }
    return Math.max(1, time);
  }

  /** How many pairs of samples that far apart are both one. */
  private int coincidences(int lag, int n) {
    int offset = lag >>> 6;
    int end = wordCount(n) - offset;
    int sum = 0;
    for (int i = 0; i < end; i++) {
      // Left in two steps, as one shift by 64 would be none.
      long later = words[i + offset] >>> lag | words[i + offset + 1] << 1 << ~lag;
      sum += Long.bitCount(words[i] & later);
    }
    return sum;
  }

  /** Keeps every other sample, the first included, and returns how many are left. */
  private int thin(int n) {
    int left = Math.ceilDiv(n, 2);
    int end = wordCount(left);
    for (int i = 0; i < end; i++) {
      // For an odd number of words the second is the zero word behind the series.
      words[i] =
          Long.compress(words[2 * i], EVEN_BITS) | Long.compress(words[2 * i + 1], EVEN_BITS) << 32;
    }
    words[end] = 0;
    return left;
  }

  private int bit(int index) {
    return (int) (words[index >>> 6] >>> index & 1);
  }

  private static int wordCount(int samples) {
    return Math.ceilDiv(samples, 64);
  }
}
