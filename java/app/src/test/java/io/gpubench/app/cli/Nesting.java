// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/**
 * Ranges that begin and end, as a text: {@code open measure(batch) close}. Of the same that follow
 * each other, the text has one.
 */
final class Nesting {
  private record Range(String name, List<String> inner) {
    @Override
    public String toString() {
      return name + (inner.isEmpty() ? "" : "(" + String.join(" ", inner) + ")");
    }
  }

  private final Deque<Range> open = new ArrayDeque<>();

  Nesting() {
    open.push(new Range("", new ArrayList<>()));
  }

  /** Of lines such as {@code 1 gpubench push open}, all of one thread and domain. */
  static String of(List<String> lines) {
    var nesting = new Nesting();
    for (String line : lines) {
      Assertions.assertTrue(line.startsWith("1 gpubench "), line);
      String[] words = line.split(" ");
      if (words[2].equals("push")) {
        nesting.begin(words[3]);
      } else {
        Assertions.assertEquals(3, words.length, line);
        nesting.end();
      }
    }
    return nesting.text();
  }

  void begin(String name) {
    open.push(new Range(name, new ArrayList<>()));
  }

  void end() {
    String ended = open.pop().toString();
    List<String> before = open.element().inner();
    if (before.isEmpty() || !before.getLast().equals(ended)) {
      before.add(ended);
    }
  }

  String text() {
    Assertions.assertEquals(1, open.size(), "all have ended");
    return String.join(" ", open.element().inner());
  }
}
