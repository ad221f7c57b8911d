// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.DuetSummary.Metric;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run beside its replay: for each record the median of both, each with its own interval. It says
 * what was found and judges nothing.
 */
public final class ReplayTable {
  private ReplayTable() {}

  /** A line for each planned run, for duets a line for each comparison too, and what that means. */
  public static String of(RunDocument original, RunDocument replay) {
    var table =
        new TextTable()
            .column("record", Align.LEFT)
            .column("", Align.LEFT)
            .column("original", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("replay", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("ratio", Align.RIGHT);
    var notes = new StringBuilder();
    for (RunDocument.Planned planned : replay.planned()) {
      ResultRecord before = record(original, planned.id());
      ResultRecord after = record(replay, planned.id());
      table.row(row(planned.id(), statistics(before), statistics(after)));
      notes.append(note(planned.id(), before, after));
    }
    if (Stream.of(original, replay)
        .flatMap(run -> run.records().stream())
        .anyMatch(record -> record.statistics() != null && unbounded(record.statistics()))) {
      notes.append("none: too few processes or samples for an interval%n".formatted());
    }
    return "medians of %s and of its replay%n%s%s%s"
            .formatted(
                original.id(),
                table,
                replay.duets() == null ? "" : duets(original, replay.duets()),
                notes)
        + "ratio: replay / original. Two runs differ by what the machine did meanwhile, which their intervals do\n"
        + "not cover: 'gpubench duet' compares despite that\n";
  }

  private static @Nullable ResultRecord record(RunDocument run, String id) {
    return run.records().stream().filter(record -> record.id().equals(id)).findFirst().orElse(null);
  }

  private static @Nullable Statistics statistics(@Nullable ResultRecord record) {
    return record == null ? null : record.statistics();
  }

  private static List<String> row(
      String id, @Nullable Statistics before, @Nullable Statistics after) {
    TimeUnit unit =
        TimeUnit.fitting(
            Math.min(
                before == null ? Double.MAX_VALUE : before.median(),
                after == null ? Double.MAX_VALUE : after.median()));
    return List.of(
        id,
        before == null && after == null ? "" : unit.symbol,
        median(before, unit),
        interval(before, unit),
        median(after, unit),
        interval(after, unit),
        before == null || after == null || before.median() == 0
            ? "-"
            : Figures.ratio(after.median() / before.median()));
  }

  private static String median(@Nullable Statistics times, TimeUnit unit) {
    return times == null ? "-" : unit.of(times.median());
  }

  private static String interval(@Nullable Statistics times, TimeUnit unit) {
    if (times == null) {
      return "-";
    }
    QuantileInterval interval = times.intervals().median();
    Double lower = interval.lower();
    Double upper = interval.upper();
    return lower == null || upper == null ? "none" : unit.of(lower) + " .. " + unit.of(upper);
  }

  private static boolean unbounded(Statistics times) {
    QuantileInterval interval = times.intervals().median();
    return interval.lower() == null || interval.upper() == null;
  }

  private static String note(
      String id, @Nullable ResultRecord before, @Nullable ResultRecord after) {
    String then = doubt(before);
    String now = doubt(after);
    if (then != null && then.equals(now)) {
      return "* %s: both: %s%n".formatted(id, then);
    }
    return (then == null ? "" : "* %s: original: %s%n".formatted(id, then))
        + (now == null ? "" : "* %s: replay: %s%n".formatted(id, now));
  }

  /** What is wrong with a record; null when nothing is. */
  private static @Nullable String doubt(@Nullable ResultRecord record) {
    if (record == null) {
      return "not measured";
    }
    if (!(record.outcomeValue() instanceof Outcome.Measured)) {
      return record.outcome() + ": " + record.reason();
    }
    return record.underSampled() ? "under-sampled" : null;
  }

  private static String duets(RunDocument original, List<DuetComparison> comparisons) {
    var table =
        new TextTable()
            .column("B/A, by the record of A", Align.LEFT)
            .column("original", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("replay", Align.RIGHT)
            .column("95 % interval", Align.RIGHT);
    for (DuetComparison comparison : comparisons) {
      Metric before =
          (original.duets() == null ? List.<DuetComparison>of() : original.duets())
              .stream()
                  .filter(other -> other.a().record().equals(comparison.a().record()))
                  .map(ReplayTable::median)
                  .findFirst()
                  .orElse(null);
      Metric after = median(comparison);
      table.row(
          List.of(
              comparison.a().record(),
              ratio(before),
              interval(before),
              ratio(after),
              interval(after)));
    }
    return "%n%s".formatted(table);
  }

  private static @Nullable Metric median(DuetComparison comparison) {
    return comparison.summary() == null ? null : comparison.summary().median();
  }

  private static String ratio(@Nullable Metric metric) {
    return metric == null ? "-" : Figures.ratio(metric.ratio());
  }

  private static String interval(@Nullable Metric metric) {
    return metric == null
        ? "-"
        : metric.lower() == null || metric.upper() == null
            ? "none"
            : Figures.ratio(metric.lower()) + " .. " + Figures.ratio(metric.upper());
  }
}
