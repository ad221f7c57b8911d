// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.DuetSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run of duets as CSV (RFC 4180, line feeds): one row for each comparison and metric; an empty
 * cell where there is no value. Times in ns, spreads on the scale of the natural logarithm.
 */
public final class DuetCsv {
  private static final List<String> HEADER =
      List.of(
          "run",
          "workload",
          "a",
          "b",
          "recordA",
          "recordB",
          "parametersA",
          "parametersB",
          "deviceA",
          "deviceB",
          "syntheticA",
          "syntheticB",
          "planned",
          "duets",
          "metric",
          "nanosA",
          "nanosB",
          "ratio",
          "lower",
          "upper",
          "spread",
          "unpairedSpread",
          "faults");

  private DuetCsv() {}

  /** The header and the rows. */
  public static String of(RunDocument run) {
    var csv = new Csv();
    csv.row(HEADER);
    for (DuetComparison comparison :
        run.duets() == null ? List.<DuetComparison>of() : run.duets()) {
      DuetSummary summary = comparison.summary();
      csv.row(row(run, comparison, "median", summary == null ? null : summary.median()));
      csv.row(row(run, comparison, "p95", summary == null ? null : summary.p95()));
    }
    return csv.toString();
  }

  private static List<@Nullable Object> row(
      RunDocument run,
      DuetComparison comparison,
      String name,
      DuetSummary.@Nullable Metric metric) {
    var row = new ArrayList<@Nullable Object>();
    row.add(run.id());
    row.add(record(run, comparison.a()).map(ResultRecord::workload).orElse(null));
    row.add(comparison.a().name());
    row.add(comparison.b().name());
    row.add(comparison.a().record());
    row.add(comparison.b().record());
    row.add(parameters(run, comparison.a()));
    row.add(parameters(run, comparison.b()));
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      row.add(record(run, side).map(ResultRecord::device).orElse(null));
    }
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      row.add(record(run, side).map(ResultRecord::synthetic).orElse(null));
    }
    row.add(comparison.planned());
    row.add(comparison.summary() == null ? 0 : comparison.summary().duets());
    row.add(name);
    row.add(metric == null ? null : metric.nanosA());
    row.add(metric == null ? null : metric.nanosB());
    row.add(metric == null ? null : metric.ratio());
    row.add(metric == null ? null : metric.lower());
    row.add(metric == null ? null : metric.upper());
    row.add(metric == null ? null : metric.spread());
    row.add(metric == null ? null : metric.unpairedSpread());
    row.add(run.conditions().faults() == null ? null : run.conditions().faults().name());
    return row;
  }

  /** {@code validators=1000 tags=none}. */
  private static @Nullable String parameters(RunDocument run, DuetComparison.Side side) {
    return record(run, side)
        .map(record ->
            record.parameters().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" ")))
        .orElse(null);
  }

  private static Optional<ResultRecord> record(RunDocument run, DuetComparison.Side side) {
    return run.records().stream().filter(record -> record.id().equals(side.record())).findFirst();
  }
}
