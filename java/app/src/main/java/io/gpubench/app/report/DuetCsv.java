// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.DuetSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * A run of duets as CSV (RFC 4180, line feeds): one row for each comparison and metric; an empty
 * cell where there is no value. Times in ns, spreads on the scale of the natural logarithm.
 */
public final class DuetCsv {
  private static final String[] HEADER = {
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
    "faults"
  };

  private DuetCsv() {}

  /** The header and the rows. */
  public static String of(RunDocument run) {
    var text = new StringBuilder();
    try (var csv =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
      csv.printRecord((Object[]) HEADER);
      for (DuetComparison comparison :
          run.duets() == null ? List.<DuetComparison>of() : run.duets()) {
        DuetSummary summary = comparison.summary();
        print(csv, run, comparison, "median", summary == null ? null : summary.median());
        print(csv, run, comparison, "p95", summary == null ? null : summary.p95());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a StringBuilder cannot fail", e);
    }
    return text.toString();
  }

  private static void print(
      CSVPrinter csv,
      RunDocument run,
      DuetComparison comparison,
      String name,
      DuetSummary.@Nullable Metric metric)
      throws IOException {
    csv.print(run.id());
    csv.print(record(run, comparison.a()).map(ResultRecord::workload).orElse(null));
    csv.print(comparison.a().name());
    csv.print(comparison.b().name());
    csv.print(comparison.a().record());
    csv.print(comparison.b().record());
    csv.print(parameters(run, comparison.a()));
    csv.print(parameters(run, comparison.b()));
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      csv.print(record(run, side).map(ResultRecord::device).orElse(null));
    }
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      csv.print(record(run, side).map(ResultRecord::synthetic).orElse(null));
    }
    csv.print(comparison.planned());
    csv.print(comparison.summary() == null ? 0 : comparison.summary().duets());
    csv.print(name);
    csv.print(metric == null ? null : metric.nanosA());
    csv.print(metric == null ? null : metric.nanosB());
    csv.print(metric == null ? null : metric.ratio());
    csv.print(metric == null ? null : metric.lower());
    csv.print(metric == null ? null : metric.upper());
    csv.print(metric == null ? null : metric.spread());
    csv.print(metric == null ? null : metric.unpairedSpread());
    csv.print(run.conditions().faults() == null ? null : run.conditions().faults().name());
    csv.println();
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
