// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of memory as people write them, in powers of 1024: {@code 64B}, {@code 512MiB}, {@code 1.5
 * GiB}.
 */
public final class ByteSizes {
  /** The largest size that {@link #parse} accepts, in bytes: 1024 TiB. */
  public static final long LARGEST = 1L << 50;

  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?) ?([A-Za-z]*)");

  private ByteSizes() {}

  /**
   * Parses a size from 1 B to {@link #LARGEST}, in bytes; a fraction of a byte is cut off.
   *
   * @throws ConfigException when the text is no such size; says what was expected
   */
  public static long parse(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw new ConfigException(
          "'" + text + "' is not a size; expected a number with a unit, such as 512MiB or 4GiB");
    }
    int unit = UNITS.indexOf(size.group(2));
    if (unit < 0) {
      throw new ConfigException(
          size.group(2).isEmpty()
              ? "'" + text + "' has no unit; expected one of " + String.join(", ", UNITS)
              : Names.unknown("unit", size.group(2), UNITS.reversed()));
    }
    BigDecimal bytes =
        new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << (10 * unit)));
    if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
      throw new ConfigException(
          "'" + text + "' is out of range; expected 1 B .. " + format(LARGEST));
    }
    return bytes.longValue();
  }

  /**
   * A short text for a person, which {@link #parse} reads back: the largest unit that leaves at
   * least 1, with at most one decimal.
   *
   * @param bytes not negative
   */
  public static String format(long bytes) {
    return format(bytes, RoundingMode.HALF_UP);
  }

  /** As {@link #format(long)}, but rounded as told: a need is rounded up, what is there down. */
  static String format(long bytes, RoundingMode rounding) {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size " + bytes);
    }
    int unit = 0;
    while (unit < UNITS.size() - 1 && bytes >> (10 * (unit + 1)) > 0) {
      unit++;
    }
    BigDecimal amount =
        BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(1L << (10 * unit)), 1, rounding);
    return amount.stripTrailingZeros().toPlainString() + " " + UNITS.get(unit);
  }
}
