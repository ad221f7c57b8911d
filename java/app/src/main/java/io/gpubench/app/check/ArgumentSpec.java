// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user says of an argument, not yet compared with the parameter. Immutable. */
public sealed interface ArgumentSpec {
  /** How it is written, for reports. */
  String text();

  /** A number, or true or false. */
  record Scalar(String text) implements ArgumentSpec {}

  /** A pointer to nothing. */
  record Null(String text) implements ArgumentSpec {}

  /** The bytes of a structure. */
  record Bytes(String text, String hex) implements ArgumentSpec {}

  /** Memory of the device. */
  record Buffer(String text, ElementType type, String length, Fill fill) implements ArgumentSpec {}

  /** With what a buffer begins. */
  sealed interface Fill {
    /** With nothing: what a kernel reads before it was written is reported. */
    record Uninitialised() implements Fill {}

    /** With zeros. */
    record Zero() implements Fill {}

    /** With what is usual for its type. */
    record Random() implements Fill {}

    /** With whole numbers (or, of floating types, any) from low to high, both included. */
    record Range(double low, double high) implements Fill {}

    /** With low, low + 1, and so on. */
    record Ascending(double low) implements Fill {}

    /** With one number. */
    record Constant(double value) implements Fill {}

    /** With these bytes, then zeros. */
    record Bytes(String hex) implements Fill {}
  }

  /** What a buffer looks like. */
  Pattern BUFFER = Pattern.compile("([A-Za-z]+\\d*)\\s*\\[([^\\]]*)\\](?:\\s*=\\s*(.*))?");

  /** What a number looks like. */
  Pattern NUMBER =
      Pattern.compile(
          "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?|[+-]?0[xX][0-9a-fA-F]{1,16}");

  /**
   * Reads one.
   *
   * @throws ConfigException one line: what is wrong, and what was expected
   */
  static ArgumentSpec parse(String text) {
    String spec = text.strip();
    if (spec.equals("null") || spec.equals("nullptr")) {
      return new Null("null");
    }
    if (spec.equals("true") || spec.equals("false") || NUMBER.matcher(spec).matches()) {
      return new Scalar(spec);
    }
    if (spec.startsWith("hex:")) {
      return new Bytes(spec, hex(spec));
    }
    Matcher buffer = BUFFER.matcher(spec);
    if (!buffer.matches()) {
      throw new ConfigException(
          "'%s' is no argument; expected a number, null, hex:00ff... or a buffer such as f32[1000],"
                  .formatted(spec)
              + " u8[n]=zero");
    }
    String word = buffer.group(1).toLowerCase(Locale.ROOT);
    ElementType type =
        ElementType.of(word)
            .orElseThrow(() ->
                new ConfigException(
                    "'%s' is no type of elements; expected one of %s"
                        .formatted(
                            buffer.group(1),
                            Stream.of(ElementType.values())
                                .map(ElementType::word)
                                .collect(Collectors.joining(", ")))));
    String length = buffer.group(2).strip();
    if (length.isEmpty()) {
      throw new ConfigException("'" + spec + "' has no length; expected such as f32[1000]");
    }
    String fill = buffer.group(3);
    return new Buffer(
        spec, type, length, fill == null ? new Fill.Random() : fill(fill.strip(), type));
  }

  private static String hex(String spec) {
    String digits = spec.substring("hex:".length());
    try {
      return HexFormat.of().formatHex(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException _) {
      throw new ConfigException("'" + spec + "' is not hexadecimal; expected pairs of digits");
    }
  }

  private static Fill fill(String text, ElementType type) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "zero" -> new Fill.Zero();
      case "random" -> new Fill.Random();
      case "uninitialised", "uninitialized" -> new Fill.Uninitialised();
      default -> text.startsWith("hex:") ? new Fill.Bytes(hex(text)) : numbers(text, type);
    };
  }

  private static Fill numbers(String text, ElementType type) {
    if (!text.matches(".+\\.\\..*") && !NUMBER.matcher(text).matches()) {
      throw new ConfigException(
          "'%s' is nothing to fill a buffer with; expected zero, random, uninitialised, a number, 0.., 0..9 or"
                  .formatted(text)
              + " hex:00ff");
    }
    String[] ends = text.split("\\.\\.", 2);
    double low = number(ends[0], type);
    if (ends.length == 1) {
      return new Fill.Constant(low);
    }
    if (ends[1].isBlank()) {
      return new Fill.Ascending(low);
    }
    double high = number(ends[1], type);
    if (high < low) {
      throw new ConfigException("'" + text + "' ends before it begins");
    }
    return new Fill.Range(low, high);
  }

  private static double number(String text, ElementType type) {
    String number = text.strip();
    if (!NUMBER.matcher(number).matches()) {
      throw new ConfigException("'" + number + "' is not a number");
    }
    double value = value(number);
    if (!type.floating()
        && (value != Math.rint(value) || value < type.lowest() || value > type.largest())) {
      throw new ConfigException("'" + number + "' is not a number that " + type.word() + " holds");
    }
    return value;
  }

  /** The value of what {@link #NUMBER} accepts. */
  static double value(String number) {
    return number.matches(".*0[xX].*")
        ? (double) Long.parseUnsignedLong(number.replaceFirst("[+-]?0[xX]", ""), 16)
            * (number.startsWith("-") ? -1 : 1)
        : Double.parseDouble(number);
  }
}
