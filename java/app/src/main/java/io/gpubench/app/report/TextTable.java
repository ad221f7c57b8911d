// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of text in aligned columns, two blanks apart. */
public final class TextTable {
  private final List<Align> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Which edge the cells of a column share. */
  public enum Align {
    LEFT,
    RIGHT
  }

  /** Adds a column; to be called before any row is added. */
  public TextTable column(String title, Align align) {
    if (rows.size() > 1) {
      throw new IllegalStateException("columns come before rows");
    }
    if (rows.isEmpty()) {
      rows.add(new ArrayList<>());
    }
    columns.add(align);
    rows.getFirst().add(title);
    return this;
  }

  /** Adds a row with one cell a column. */
  public TextTable row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalStateException(cells.size() + " cells for " + columns.size() + " columns");
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /**
   * The titles and all rows, each line ended by a line feed, without blanks at the end of a line.
   */
  @Override
  public String toString() {
    var widths = new ArrayList<>(Collections.nCopies(columns.size(), 0));
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths.set(i, Math.max(widths.get(i), width(row.get(i))));
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        String blanks = " ".repeat(widths.get(i) - width(cell));
        line.append(i == 0 ? "" : "  ");
        line.append(columns.get(i) == Align.LEFT ? cell + blanks : blanks + cell);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
