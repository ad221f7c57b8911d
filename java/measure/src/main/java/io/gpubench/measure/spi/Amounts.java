// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@link PreparedRun#amounts} can be. */
public final class Amounts {
  /** The most that one run can have. */
  public static final int MOST = 8;

  /** A word in the plural, such as {@code pairs}: a small letter, then letters and digits. */
  public static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");

  private Amounts() {}

  /**
   * What is wrong with them, in one line; null where nothing is.
   *
   * @param amounts from a name to how many of it one sample does
   */
  public static @Nullable String mistake(Map<String, Double> amounts) {
    if (amounts.size() > MOST) {
      return "%d amounts; expected at most %d".formatted(amounts.size(), MOST);
    }
    for (Map.Entry<String, Double> amount : amounts.entrySet()) {
      if (!NAME.matcher(amount.getKey()).matches()) {
        return "an amount is called '%s'; expected a word of at most 32 letters and digits, the first a small letter"
            .formatted(amount.getKey());
      }
      Double value = amount.getValue();
      if (value == null || !(value >= 0) || value.isInfinite()) {
        return "the amount of %s is %s; expected a number from 0 up"
            .formatted(amount.getKey(), value);
      }
    }
    return null;
  }
}
