// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.StagesOfRecord.Stage;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What processes went through once, next to what a sample takes afterwards, as a table for people:
 * a line for each stage. Pure.
 */
final class StagesText {
  private static final String STEADY = "steadyState";

  private StagesText() {}

  /**
   * The table; empty where no record has stages.
   *
   * @param titles of the columns that tell the records apart
   * @param cells what a record has in them
   */
  static String of(
      List<ResultRecord> records, List<String> titles, Function<ResultRecord, List<String>> cells) {
    var table = new TextTable();
    titles.forEach(title -> table.column(title, Align.RIGHT));
    table
        .column("once per process", Align.LEFT)
        .column("median", Align.RIGHT)
        .column("range", Align.RIGHT)
        .column("processes", Align.RIGHT);
    boolean none = true;
    for (ResultRecord record : records) {
      List<String> names = cells.apply(record);
      for (Stage stage : lines(record)) {
        var row = new ArrayList<String>(names);
        row.addAll(row(stage));
        table.row(row);
        names = Collections.nCopies(titles.size(), "");
        none = false;
      }
    }
    return none ? "" : table.toString();
  }

  /** The stages, and last what a piece of work takes in the samples; none without stages. */
  private static List<Stage> lines(ResultRecord record) {
    var lines = new ArrayList<>(StagesOfRecord.of(record));
    double[] medians =
        record.processes().stream()
            .map(ProcessPart::statistics)
            .filter(Objects::nonNull)
            .mapToDouble(Statistics::median)
            .map(nanos -> nanos / record.piecesOfSample())
            .toArray();
    if (!lines.isEmpty() && medians.length > 0) {
      lines.add(Stage.of(STEADY, medians));
    }
    return lines;
  }

  private static List<String> row(Stage stage) {
    TimeUnit unit = TimeUnit.fitting(stage.median());
    return List.of(
        Printable.line(stage.words()),
        (stage.median() == 0 ? "0" : unit.of(stage.median())) + " " + unit.symbol,
        stage.processes() == 1 ? "-" : unit.of(stage.least()) + " .. " + unit.of(stage.most()),
        String.valueOf(stage.processes()));
  }
}
