// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.JudgedCase.State;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What was judged as Markdown, for a comment or a job's summary: how many of each, then a table. No
 * text of anybody's is taken for markup. Pure.
 */
public final class Markdown {
  /** What Markdown or the HTML in it would take for its own. */
  private static final String MARKUP = "\\`*_{}[]<>#|~!&";

  private Markdown() {}

  /** A heading, the counts and a table, ended by a line feed. */
  public static String table(String title, List<JudgedCase> cases) {
    var text = new StringBuilder("### " + escaped(title) + "\n\n");
    text.append(
        "%d passed, %d failed, %d open\n"
            .formatted(
                count(cases, State.PASSED), count(cases, State.FAILED), count(cases, State.OPEN)));
    if (cases.isEmpty()) {
      return text.toString();
    }
    text.append("\n| | what | | verdict | why |\n|---|---|---|---|---|\n");
    for (JudgedCase one : cases) {
      String cells =
          List.of(mark(one.state()), one.group(), one.name(), one.verdict(), one.detail()).stream()
              .map(Markdown::escaped)
              .collect(Collectors.joining(" | "));
      text.append("| ").append(cells).append(" |\n");
    }
    return text.toString();
  }

  private static long count(List<JudgedCase> cases, State state) {
    return cases.stream().filter(one -> one.state() == state).count();
  }

  private static String mark(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String escaped(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (MARKUP.indexOf(point) >= 0) {
            escaped.append('\\');
          }
          escaped.appendCodePoint(point == '\n' || point == '\r' ? ' ' : point);
        });
    return escaped.toString();
  }
}
