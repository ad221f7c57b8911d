// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what trees and patterns have in common: words, numbers, and children in parentheses.
 * Failures name the text and the place, from 1.
 */
final class Notation {
  private final String what;
  private final String text;
  private final int mostLevels;
  private int level = 1;
  private int at;

  /**
   * From the beginning.
   *
   * @param what is denoted, such as {@code pattern}
   * @param mostLevels that it may have
   */
  Notation(String what, String text, int mostLevels) {
    this.what = what;
    this.text = text;
    this.mostLevels = mostLevels;
  }

  /** A kind by its word. */
  Kind kind() {
    skipBlanks();
    int from = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(from, at);
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    at = from;
    throw word.isEmpty()
        ? wrong("expected a kind")
        : wrong(Names.unknown("kind", word, Arrays.stream(Kind.values()).map(Kind::word).toList()));
  }

  /** Whether the next character is this one, which is skipped then. */
  boolean after(char expected) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** A decimal number. */
  int number(int min, int max) {
    skipBlanks();
    int from = at;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      int number = Integer.parseInt(text.substring(from, at));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    at = from;
    throw wrong("expected %d .. %d".formatted(min, max));
  }

  /** Children in parentheses, separated by commas; none where there are no parentheses. */
  <T> List<T> children(Function<Notation, T> child) {
    var children = new ArrayList<T>();
    if (!after('(') || after(')')) {
      return children;
    }
    if (level == mostLevels) {
      throw wrong("expected at most %,d levels".formatted(mostLevels));
    }
    level++;
    do {
      children.add(child.apply(this));
    } while (after(','));
    level--;
    if (!after(')')) {
      throw wrong("expected ',' or ')'");
    }
    return children;
  }

  /** Nothing follows. */
  void end() {
    skipBlanks();
    if (at < text.length()) {
      throw wrong("expected nothing more");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  /** A failure at this place. */
  ConfigException wrong(String why) {
    return new ConfigException("%s '%s', character %d: %s".formatted(what, text, at + 1, why));
  }
}
