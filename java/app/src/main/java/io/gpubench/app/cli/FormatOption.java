// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.DuetCsv;
import io.gpubench.app.report.DuetTable;
import io.gpubench.app.report.RunCsv;
import io.gpubench.app.report.RunTable;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import picocli.CommandLine.Option;

/** The option {@code --format}. */
final class FormatOption {
  /** How a run is printed. */
  enum Format {
    table,
    json,
    csv
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). With json and csv nothing but the data is on stdout.")
  private Format format = Format.table;

  Format format() {
    return format;
  }

  /** The run as text, ended by a line feed. */
  String render(RunDocument run) {
    return switch (format) {
      case table -> compares(run) ? DuetTable.of(run) : RunTable.of(run);
      case json -> RunJson.pretty(run);
      case csv -> compares(run) ? DuetCsv.of(run) : RunCsv.of(run);
    };
  }

  /** One that was cut off before its first comparison is shown as what it has: records. */
  private static boolean compares(RunDocument run) {
    return run.duets() != null && !run.duets().isEmpty();
  }

  boolean forPeople() {
    return format == Format.table;
  }
}
