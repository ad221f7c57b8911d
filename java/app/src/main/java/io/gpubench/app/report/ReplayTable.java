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
      table.row(row(planned.id(), before, after));
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
      String id, @Nullable ResultRecord before, @Nullable ResultRecord after) {
    double medianBefore = median(before);
    double medianAfter = median(after);
    double smaller = Math.min(medianBefore, medianAfter);
    boolean none = Double.isInfinite(smaller);
    TimeUnit unit = none ? TimeUnit.MICROS : TimeUnit.fitting(smaller);
    return List.of(
        id,
        none ? "" : unit.symbol,
        median(before, unit),
        interval(before, unit),
        median(after, unit),
        interval(after, unit),
        Double.isInfinite(medianBefore) || Double.isInfinite(medianAfter) || medianBefore == 0
            ? "-"
            : Figures.ratio(medianAfter / medianBefore));
  }

  /** Of one piece of work, in nanoseconds; infinite where nothing was measured. */
  private static double median(@Nullable ResultRecord record) {
    Statistics times = statistics(record);
    return record == null || times == null
        ? Double.POSITIVE_INFINITY
        : times.median() / record.piecesOfSample();
  }

  private static String median(@Nullable ResultRecord record, TimeUnit unit) {
    double median = median(record);
    return Double.isInfinite(median) ? "-" : unit.of(median);
  }

  private static String interval(@Nullable ResultRecord record, TimeUnit unit) {
    Statistics times = statistics(record);
    if (record == null || times == null) {
      return "-";
    }
    QuantileInterval interval = times.intervals().median();
    Double lower = interval.lower();
    Double upper = interval.upper();
    double pieces = record.piecesOfSample();
    return lower == null || upper == null
        ? "none"
        : unit.of(lower / pieces) + " .. " + unit.of(upper / pieces);
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
