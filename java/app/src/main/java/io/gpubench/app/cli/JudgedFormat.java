// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.JUnitXml;
import io.gpubench.app.report.JudgedReport;
import io.gpubench.app.report.Markdown;
import picocli.CommandLine.Option;

/** The option {@code --format} of every command that judges. */
final class JudgedFormat {
  /** How verdicts are printed; named as on the command line. */
  enum Format {
    table,
    json,
    csv,
    markdown,
    junit
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Nothing but the report is on stdout.")
  private Format format = Format.table;

  Format format() {
    return format;
  }

  /** The report as text, ended by a line feed. */
  String render(JudgedReport report, OnInconclusive open) {
    return switch (format) {
      case table -> report.table();
      case json -> report.json();
      case csv -> report.csv();
      case markdown -> Markdown.table(report.title(), open.cases(report.cases()));
      case junit ->
          JUnitXml.of(report.title(), open.cases(report.cases()), report.elapsedSeconds());
    };
  }
}
