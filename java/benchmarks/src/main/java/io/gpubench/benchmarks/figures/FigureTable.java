// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table as Markdown, and read again from a page. Every number in it belongs to a sitting, a
 * line below the table that says when and on what it was measured; a letter in the last column
 * tells which.
 *
 * @param rows in their order
 */
record FigureTable(List<Row> rows) {
  private static final String HEAD =
      "| what | measured | floor or goal | | by |\n|---|---|---|---|---|\n";
  private static final int COLUMNS = 5;
  private static final Pattern ROW = Pattern.compile("\\|(.*)\\|");
  private static final Pattern SITTING = Pattern.compile("- (?<by>[a-z]+): (?<line>.*)");

  /**
   * A row.
   *
   * @param verdict empty where nothing can be missed or nothing was measured
   * @param sitting when and on what; null where nothing was measured
   */
  record Row(String what, String measured, String goal, String verdict, @Nullable String sitting) {
    static Row measured(Figure figure, Taken taken, String sitting) {
      return new Row(
          figure.what(),
          cell(taken.text()),
          figure.goal().text(),
          figure.goal().verdict(taken.reading()),
          sitting);
    }

    /** That a figure could not be measured, and should have been. */
    static Row failed(Figure figure, String why, String sitting) {
      return new Row(figure.what(), cell("failed: " + why), figure.goal().text(), "", sitting);
    }

    static Row unmeasured(Figure figure, String why) {
      return new Row(figure.what(), cell("unmeasured: " + why), figure.goal().text(), "", null);
    }

    private static String cell(String text) {
      return text.replace('|', '/').replaceAll("\\s+", " ").strip();
    }
  }

  /** The row of a figure; empty where it is not there, has another goal now, or has no number. */
  Optional<Row> of(Figure figure) {
    return rows.stream()
        .filter(row -> row.what().equals(figure.what()))
        .filter(row -> row.goal().equals(figure.goal().text()))
        .filter(row -> row.sitting() != null)
        .findFirst();
  }

  /** As Markdown. */
  String text() {
    var letters = new LinkedHashMap<String, String>();
    var text = new StringBuilder(HEAD);
    for (Row row : rows) {
      String by =
          row.sitting() == null
              ? ""
              : letters.computeIfAbsent(row.sitting(), _ -> letter(letters.size()));
      text.append("| ")
          .append(String.join(" | ", row.what(), row.measured(), row.goal(), row.verdict(), by))
          .append(" |\n");
    }
    if (!letters.isEmpty()) {
      text.append("\nMeasured by\n\n");
      letters.forEach((sitting, by) -> text.append("- " + by + ": " + sitting + "\n"));
    }
    return text.toString();
  }

  /** Reads {@link #text}; rows of another form are left out. */
  static FigureTable parse(String text) {
    Map<String, String> sittings = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = SITTING.matcher(line);
      if (matcher.matches()) {
        sittings.put(matcher.group("by"), matcher.group("line"));
      }
    }
    var rows = new ArrayList<Row>();
    for (String line : text.lines().skip(2).toList()) {
      Matcher matcher = ROW.matcher(line);
      if (matcher.matches()) {
        List<String> cells =
            Stream.of(matcher.group(1).split("\\|", -1)).map(String::strip).toList();
        if (cells.size() == COLUMNS) {
          rows.add(
              new Row(
                  cells.get(0),
                  cells.get(1),
                  cells.get(2),
                  cells.get(3),
                  sittings.get(cells.get(4))));
        }
      }
    }
    return new FigureTable(rows);
  }

  /** a, b, … z, ba, bb, … */
  private static String letter(int number) {
    String last = String.valueOf((char) ('a' + number % 26));
    return number < 26 ? last : letter(number / 26) + last;
  }
}
