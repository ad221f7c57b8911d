// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 45s}, {@code 1m30s}. The units are {@code
 * h}, {@code m}, {@code s}, {@code ms}, {@code us} and {@code ns}, larger ones first, each at most
 * once.
 */
public final class Durations {
  /** The longest duration that {@link #parse} accepts: one week. */
  static final Duration LONGEST = Duration.ofDays(7);

  private static final List<String> UNITS = List.of("h", "m", "s", "ms", "us", "ns");
  private static final List<Long> UNIT_NANOS =
      List.of(3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L);
  private static final Pattern PART =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)(h|ms|m|s|us|ns)");

  private Durations() {}

  /**
   * Parses a duration as {@link #parse} does, but no 0.
   *
   * @throws ConfigException when the text is no such duration; says what was expected
   */
  public static Duration positive(String text) {
    Duration duration = parse(text);
    if (duration.isZero()) {
      throw new ConfigException("expected more than 0");
    }
    return duration;
  }

  /**
   * Parses a duration from 0 up to {@link #LONGEST}; what is finer than a nanosecond is cut off.
   *
   * @throws ConfigException when the text is no such duration; says what was expected
   */
  public static Duration parse(String text) {
    BigDecimal nanos = BigDecimal.ZERO;
    String rest = text.strip();
    int smallest = -1;
    Matcher part = PART.matcher(rest);
    int end = 0;
    while (end < rest.length() && part.find(end) && part.start() == end) {
      int unit = UNITS.indexOf(part.group(2));
      if (unit <= smallest) {
        break;
      }
      smallest = unit;
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(UNIT_NANOS.get(unit))));
      end = part.end();
    }
    if (end == 0 || end < rest.length()) {
      throw new ConfigException(
          "'"
              + text
              + "' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s");
    }
    if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
      throw new ConfigException("'" + text + "' is too long; expected at most " + format(LONGEST));
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /**
   * A short text for a person, which {@link #parse} reads back: whole seconds from a minute up,
   * else one unit with at most two decimals.
   *
   * @param duration not negative
   */
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative duration " + duration);
    }
    Duration rounded = duration.plusMillis(500);
    if (duration.compareTo(Duration.ofMillis(59_995)) >= 0) {
      return part(rounded.toHours(), "h")
          + part(rounded.toMinutesPart(), "m")
          + part(rounded.toSecondsPart(), "s");
    }
    long nanos = duration.toNanos();
    for (int unit = UNITS.indexOf("s"); unit < UNITS.size(); unit++) {
      BigDecimal amount =
          BigDecimal.valueOf(nanos)
              .divide(BigDecimal.valueOf(UNIT_NANOS.get(unit)), 2, RoundingMode.HALF_UP);
      if (amount.compareTo(BigDecimal.ONE) >= 0) {
        return amount.stripTrailingZeros().toPlainString() + UNITS.get(unit);
      }
    }
    return "0s";
  }

  /**
   * A text that {@link #parse} reads back as the same duration: that of {@link #format} where it
   * does, else seconds with all decimals.
   *
   * @param duration not negative, at most {@link #LONGEST}
   */
  public static String exact(Duration duration) {
    String rounded = format(duration);
    return parse(rounded).equals(duration)
        ? rounded
        : BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
  }

  private static String part(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }
}
