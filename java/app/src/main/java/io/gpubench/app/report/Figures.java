// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a person reads them: three or four significant digits and a unit. */
public final class Figures {
  private Figures() {}

  /** A unit of time. */
  public enum TimeUnit {
    NANOS("ns", 1),
    MICROS("us", 1e3),
    MILLIS("ms", 1e6),
    SECONDS("s", 1e9);

    public final String symbol;
    private final double nanos;

    TimeUnit(String symbol, double nanos) {
      this.symbol = symbol;
      this.nanos = nanos;
    }

    /** The unit in which a time has one to four digits before the point. */
    static TimeUnit fitting(double nanos) {
      TimeUnit fitting = NANOS;
      for (TimeUnit unit : values()) {
        if (rounded(nanos / unit.nanos, 4) >= 1) {
          fitting = unit;
        }
      }
      return fitting;
    }

    /** A time in this unit, without the unit's symbol. */
    public String of(double nanosToShow) {
      return significant(nanosToShow / nanos);
    }
  }

  /** Four significant digits, never in exponent form. */
  static String significant(double value) {
    double magnitude = Math.abs(rounded(value, 4));
    int decimals = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** A ratio: three decimals near 1, where a per mille counts. */
  public static String ratio(double ratio) {
    return ratio < 10 && ratio >= 0.1
        ? String.format(Locale.ROOT, "%.3f", ratio)
        : significant(ratio);
  }

  /** A count per second with a metric prefix, such as {@code 512.3 M}. */
  public static String rate(double perSecond) {
    String[] prefixes = {"", "k", "M", "G", "T", "P"};
    int prefix = 0;
    double scaled = perSecond;
    while (rounded(scaled, 4) >= 1000 && prefix < prefixes.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    return (significant(scaled) + " " + prefixes[prefix]).stripTrailing();
  }

  /** A share in per cent with one or two significant digits: {@code 0.05 %}, {@code 12 %}. */
  public static String percent(double share) {
    return BigDecimal.valueOf(100 * share)
            .round(new MathContext(2))
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private static double rounded(double value, int digits) {
    return BigDecimal.valueOf(value).round(new MathContext(digits)).doubleValue();
  }

  /** {@code 1:05} or {@code 1:02:03}. */
  public static String clock(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
