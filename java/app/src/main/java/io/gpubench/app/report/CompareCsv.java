// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.CompareReport.Block;
import io.gpubench.app.report.CompareReport.Row;
import io.gpubench.measure.compare.Health;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as CSV: one row for each pair of sides, configuration and metric, then one for each
 * side that was skipped; an empty cell where there is no value. Times in ns, spreads on the scale
 * of the natural logarithm.
 */
final class CompareCsv {
  private static final List<String> HEADER =
      List.of(
          "a",
          "b",
          "workload",
          "parametersA",
          "parametersB",
          "settingsA",
          "settingsB",
          "method",
          "metric",
          "nanosA",
          "nanosB",
          "ratio",
          "lower",
          "upper",
          "confidence",
          "unitsA",
          "unitsB",
          "p",
          "adjustedP",
          "cliffsDelta",
          "tolerance",
          "verdict",
          "reason",
          "spread",
          "spreadA",
          "spreadB",
          "unitsNeeded");

  private CompareCsv() {}

  static String of(CompareReport report) {
    var csv = new Csv();
    csv.row(HEADER);
    for (Block block : report.blocks()) {
      if (block.unfit() != null) {
        csv.row(without(start(report, block), "Inconclusive", block.unfit()));
      }
      block.rows().forEach(row -> csv.row(row(report, block, row)));
    }
    for (SkippedSide one : report.skipped()) {
      List<@Nullable Object> side = new ArrayList<>();
      side.add(one.side());
      csv.row(without(side, "Skipped", one.reason()));
    }
    return csv.toString();
  }

  /** A row without values. */
  private static List<@Nullable Object> without(
      List<@Nullable Object> start, String verdict, String reason) {
    while (start.size() < HEADER.indexOf("verdict")) {
      start.add(null);
    }
    start.add(verdict);
    start.add(reason);
    while (start.size() < HEADER.size()) {
      start.add(null);
    }
    return start;
  }

  private static List<@Nullable Object> start(CompareReport report, Block block) {
    var row = new ArrayList<@Nullable Object>();
    row.add(report.sides().get(block.a()).name());
    row.add(report.sides().get(block.b()).name());
    row.add(block.workload());
    row.add(text(block.parametersA()));
    row.add(text(block.parametersB()));
    row.add(text(block.settingsA()));
    row.add(text(block.settingsB()));
    row.add(report.method().word());
    return row;
  }

  private static List<@Nullable Object> row(CompareReport report, Block block, Row row) {
    List<@Nullable Object> cells = start(report, block);
    Verdict verdict = row.verdict();
    Health healthA = row.healthA();
    Health healthB = row.healthB();
    cells.addAll(
        Arrays.<@Nullable Object>asList(
            row.metric(),
            row.nanosA(),
            row.nanosB(),
            row.ratio(),
            row.lower(),
            row.upper(),
            row.confidence(),
            row.units().a(),
            row.units().b(),
            row.p(),
            row.adjustedP(),
            row.cliffsDelta(),
            row.tolerance(),
            verdict == null ? null : verdict.word(),
            verdict == null ? null : verdict.reason(),
            row.spread(),
            healthA == null ? null : healthA.spread(),
            healthB == null ? null : healthB.spread(),
            row.needed()));
    return cells;
  }

  private static String text(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
