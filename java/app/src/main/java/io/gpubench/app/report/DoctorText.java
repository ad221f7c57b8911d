// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.fitness.Finding;
import io.gpubench.app.report.TextTable.Align;
import java.util.List;

/** What {@code doctor} found, for people: a table, then what it does to numbers and what helps. */
public final class DoctorText {
  private static final int WIDTH = 100;
  private static final String HEADING =
      "\nWhat that does to numbers, and what helps (gpubench itself changes no setting):\n";

  private DoctorText() {}

  /** All of it, ended by a line feed. */
  public static String of(List<Finding> findings) {
    var table =
        new TextTable()
            .column("what", Align.LEFT)
            .column("state", Align.LEFT)
            .column("detail", Align.LEFT);
    for (Finding finding : findings) {
      table.row(
          List.of(
              (finding.about() == null ? "" : "  ") + finding.what(),
              finding.state().word(),
              finding.detail()));
    }
    var text = new StringBuilder(table.toString());
    List<Finding> telling = findings.stream().filter(one -> one.effect() != null).toList();
    if (!telling.isEmpty()) {
      text.append(HEADING);
      telling.forEach(finding -> effect(text, finding));
    }
    return text.toString();
  }

  private static void effect(StringBuilder text, Finding finding) {
    String name = (finding.about() == null ? "" : finding.about() + ", ") + finding.what();
    wrap(text, "  ", name + ": " + finding.effect());
    if (finding.command() != null) {
      text.append("      ").append(finding.command()).append('\n');
    }
  }

  /** Lines of words, all but the first indented by two more. */
  private static void wrap(StringBuilder text, String indent, String words) {
    var line = new StringBuilder(indent);
    String blank = "";
    for (String word : words.split(" ")) {
      if (line.length() + blank.length() + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(indent).append("  ");
        blank = "";
      }
      line.append(blank).append(word);
      blank = " ";
    }
    text.append(line).append('\n');
  }
}
