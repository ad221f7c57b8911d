// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A text of comma-separated values (RFC 4180, line feeds), made row by row. */
final class Csv {
  private final StringBuilder text = new StringBuilder();

  /** Adds a row; an empty cell for null. */
  void row(List<? extends @Nullable Object> cells) {
    text.append(cells.stream().map(Csv::cell).collect(Collectors.joining(","))).append('\n');
  }

  /** In quotes where it has to be, and where a reader might trim it or take it for a comment. */
  private static String cell(@Nullable Object value) {
    String cell = value == null ? "" : value.toString();
    boolean plain =
        cell.isEmpty()
            || (cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && cell.charAt(0) > '#'
                && cell.charAt(cell.length() - 1) > ' ');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /** All rows. */
  @Override
  public String toString() {
    return text.toString();
  }
}
