// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Numbers as they are printed. */
public final class Shown {
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;

  private Shown() {}

  /** The median of durations in nanoseconds. */
  public static String time(long[] nanos) {
    return time(median(nanos));
  }

  /** A duration in nanoseconds, with three digits. */
  public static String time(double nanos) {
    if (nanos < MICRO) {
      return number(nanos) + " ns";
    }
    return nanos < MILLI ? number(nanos / MICRO) + " us" : number(nanos / MILLI) + " ms";
  }

  public static double median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
  }

  /** The value below which a share of the others lies. */
  public static double quantile(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[Math.clamp((long) (share * sorted.length), 0, sorted.length - 1)];
  }

  /** Three digits. */
  public static String number(double value) {
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** A share as a percentage. */
  public static String percent(double share) {
    return number(100 * share) + " %";
  }
}
