// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.Map;

/**
 * The length of a buffer: numbers and names of arguments, joined by {@code +}, {@code -}, {@code *}
 * and {@code /}, without parentheses. Used once.
 */
final class Length {
  private final String text;
  private final Map<String, Long> names;
  private int at;

  private Length(String text, Map<String, Long> names) {
    this.text = text.replaceAll("\\s", "");
    this.names = names;
  }

  /**
   * Its value.
   *
   * @param names what may stand for a number
   * @throws ConfigException when it is no such text, or its value is negative or beyond 2^62
   */
  static long of(String text, Map<String, Long> names) {
    var length = new Length(text, names);
    try {
      long value = length.sum();
      if (length.at < length.text.length()) {
        throw length.unexpected();
      }
      if (value < 0 || value > 1L << 62) {
        throw new ConfigException("the length " + text + " is " + value);
      }
      return value;
    } catch (ArithmeticException _) {
      throw new ConfigException("the length " + text + " is no number that a computer can hold");
    }
  }

  private long sum() {
    long value = product();
    while (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
      boolean plus = text.charAt(at++) == '+';
      long next = product();
      value = plus ? Math.addExact(value, next) : Math.subtractExact(value, next);
    }
    return value;
  }

  private long product() {
    long value = atom();
    while (at < text.length() && "*/".indexOf(text.charAt(at)) >= 0) {
      boolean times = text.charAt(at++) == '*';
      long next = atom();
      value = times ? Math.multiplyExact(value, next) : value / next;
    }
    return value;
  }

  private long atom() {
    int begin = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(begin, at);
    if (word.matches("\\d{1,18}")) {
      return Long.parseLong(word);
    }
    if (word.isEmpty() || Character.isDigit(word.charAt(0))) {
      at = begin;
      throw unexpected();
    }
    return Names.find("whole number", word, names);
  }

  private static boolean isWord(char character) {
    return (character < 0x80 && Character.isLetterOrDigit(character)) || character == '_';
  }

  private ConfigException unexpected() {
    String rest = text.substring(at);
    return new ConfigException(
        "the length '%s' is not understood%s; expected such as 1000, n or n*m+1"
            .formatted(text, rest.isEmpty() ? "" : " from '" + rest + "' on"));
  }
}
