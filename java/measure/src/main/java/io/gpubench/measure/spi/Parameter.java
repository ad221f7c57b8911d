// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.math.BigDecimal;
import java.util.List;

/**
 * One parameter of a workload, or of how an engine does it ({@link Engine#tuning}): its name, range
 * and default values. More than one default value means that a run without an explicit setting
 * sweeps over all of them.
 */
public sealed interface Parameter {
  String name();

  /** One line for a person. */
  String summary();

  /**
   * The values used when nothing is set; at least one, and none at all for a tuning parameter. Each
   * is a Long, Double or String, as {@link #parse} gives.
   */
  List<?> defaults();

  /**
   * The values that are allowed, as a person would write them: {@code 4 .. 1048576} or {@code a |
   * b}.
   */
  String domain();

  /**
   * The value that a text denotes: a Long, Double or String.
   *
   * @throws ConfigException when the text is not of this parameter's kind or out of range; says
   *     what was expected
   */
  Object parse(String text);

  /** An integer in {@code min .. max}, both included. */
  record Whole(String name, String summary, long min, long max, List<Long> defaults)
      implements Parameter {
    public Whole {
      defaults = List.copyOf(defaults);
    }

    @Override
    public String domain() {
      return max == Long.MAX_VALUE ? "an integer from " + min : min + " .. " + max;
    }

    @Override
    public Object parse(String text) {
      long value;
      try {
        value = Long.parseLong(text.strip().replace("_", ""));
      } catch (NumberFormatException _) {
        throw new ConfigException("'" + text + "' is not an integer; expected " + domain());
      }
      if (value < min || value > max) {
        throw new ConfigException(value + " is out of range; expected " + domain());
      }
      return value;
    }
  }

  /** A decimal number in {@code min .. max}, both included. */
  record Decimal(String name, String summary, double min, double max, List<Double> defaults)
      implements Parameter {
    public Decimal {
      defaults = List.copyOf(defaults);
    }

    @Override
    public String domain() {
      return BigDecimal.valueOf(min).stripTrailingZeros().toPlainString()
          + " .. "
          + BigDecimal.valueOf(max).stripTrailingZeros().toPlainString();
    }

    @Override
    public Object parse(String text) {
      double value;
      try {
        value = new BigDecimal(text.strip()).doubleValue();
      } catch (NumberFormatException _) {
        throw new ConfigException("'" + text + "' is not a number; expected " + domain());
      }
      if (!(value >= min && value <= max)) {
        throw new ConfigException(text.strip() + " is out of range; expected " + domain());
      }
      return value + 0.0; // turns -0.0 into 0.0
    }
  }

  /**
   * Words of a person, such as a place: one line without a comma or a control character, of at most
   * {@value #MOST_CHARACTERS} characters. What they mean, {@link Workload#check} finds out.
   *
   * @param domain what is allowed, as a person would write it
   */
  record Text(String name, String summary, String domain, List<String> defaults)
      implements Parameter {
    /** The longest. */
    public static final int MOST_CHARACTERS = 1024;

    public Text {
      defaults = List.copyOf(defaults);
    }

    @Override
    public Object parse(String text) {
      String words = text.strip();
      if (words.isEmpty()) {
        throw new ConfigException("empty value; expected " + domain);
      }
      if (words.length() > MOST_CHARACTERS) {
        throw new ConfigException(
            "%d characters; expected at most %d".formatted(words.length(), MOST_CHARACTERS));
      }
      if (words.indexOf(',') >= 0 || words.codePoints().anyMatch(Character::isISOControl)) {
        throw new ConfigException("a comma or a control character is in it; expected " + domain);
      }
      return words;
    }
  }

  /** One of a few words. */
  record Choice(String name, String summary, List<String> choices, List<String> defaults)
      implements Parameter {
    public Choice {
      choices = List.copyOf(choices);
      defaults = List.copyOf(defaults);
    }

    @Override
    public String domain() {
      return String.join(" | ", choices);
    }

    @Override
    public Object parse(String text) {
      String word = text.strip();
      if (!choices.contains(word)) {
        throw new ConfigException(Names.unknown("value", word, choices));
      }
      return word;
    }
  }
}
