// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.CompareReport.Block;
import io.gpubench.app.report.CompareReport.PairDifference;
import io.gpubench.app.report.CompareReport.Row;
import io.gpubench.app.report.CompareReport.Side;
import io.gpubench.measure.compare.ComparedMetric;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Comparisons of recorded sides as a report. */
public final class RecordedReport {
  private RecordedReport() {}

  /**
   * The report.
   *
   * @param sides in their order
   * @param skipped sides that could not be measured
   * @param comparisons of each of them with each later one, as {@link RecordedComparison#all} gives
   *     them
   * @param evidence where what was measured for it is kept
   */
  public static CompareReport of(
      List<RecordedSide> sides,
      List<SkippedSide> skipped,
      List<RecordedComparison> comparisons,
      List<String> evidence,
      double elapsedSeconds) {
    var blocks = new ArrayList<Block>();
    var differences = new ArrayList<PairDifference>();
    var leftOut = new LinkedHashSet<String>();
    var limits = new LinkedHashSet<String>();
    int next = 0;
    for (int first = 0; first < sides.size(); first++) {
      for (int second = first + 1; second < sides.size(); second++) {
        int a = first;
        int b = second;
        RecordedComparison comparison = comparisons.get(next++);
        comparison.differences().forEach(one -> differences.add(new PairDifference(a, b, one)));
        comparison.pairs().forEach(pair -> blocks.add(block(a, b, pair)));
        comparison.onlyA().forEach(one -> leftOut.add(missing(one, a, b)));
        comparison.onlyB().forEach(one -> leftOut.add(missing(one, b, a)));
        limits.addAll(comparison.limits());
      }
    }
    return new CompareReport(
        CompareReport.Method.PROCESSES,
        sides.stream().map(RecordedReport::side).toList(),
        skipped,
        differences,
        blocks,
        List.copyOf(leftOut),
        List.copyOf(limits),
        evidence,
        elapsedSeconds);
  }

  private static String missing(RecordedCase one, int there, int notThere) {
    return "%s has not what %s has: %s (%s)"
        .formatted(
            CompareReport.letter(notThere),
            CompareReport.letter(there),
            one.label(),
            one.settingsText());
  }

  private static Side side(RecordedSide side) {
    String tool =
        List.of("tool", "version", "commit").stream()
            .map(key -> side.tool().get(key))
            .filter(value -> value != null)
            .collect(Collectors.joining(" "));
    return new Side(side.name(), "recorded by " + tool, side.notes());
  }

  private static Block block(int a, int b, RecordedComparison.Pair pair) {
    var remarks = new ArrayList<String>();
    pair.a().remarks().forEach(remark -> remarks.add(CompareReport.letter(a) + ": " + remark));
    pair.b().remarks().forEach(remark -> remarks.add(CompareReport.letter(b) + ": " + remark));
    return new Block(
        a,
        b,
        pair.a().workload(),
        pair.a().parameters(),
        pair.b().parameters(),
        pair.a().settings(),
        pair.b().settings(),
        pair.unfit(),
        rows(pair),
        remarks);
  }

  private static List<Row> rows(RecordedComparison.Pair pair) {
    var rows = new ArrayList<Row>();
    pair.metrics().forEach(metric -> rows.add(row(metric)));
    pair.missing()
        .forEach((metric, why) ->
            rows.add(
                new Row(
                    metric,
                    null,
                    null,
                    null,
                    null,
                    null,
                    ComparedMetric.CONFIDENCE,
                    new CompareReport.Units(
                        pair.a().processes().size(), pair.b().processes().size()),
                    null,
                    null,
                    null,
                    null,
                    new Verdict.Inconclusive(why),
                    null,
                    null,
                    null,
                    null,
                    null)));
    return rows;
  }

  private static Row row(ComparedMetric metric) {
    return new Row(
        metric.metric(),
        metric.nanosA(),
        metric.nanosB(),
        metric.ratio(),
        metric.lower(),
        metric.upper(),
        ComparedMetric.CONFIDENCE,
        new CompareReport.Units(metric.healthA().processes(), metric.healthB().processes()),
        metric.p(),
        metric.adjustedP(),
        metric.cliffsDelta(),
        metric.tolerance(),
        metric.verdict(),
        how(metric),
        null,
        metric.healthA().processesNeeded(),
        metric.healthA(),
        metric.healthB());
  }

  private static @Nullable String how(ComparedMetric metric) {
    return metric.adjustedP() == null
        ? null
        : "Mann-Whitney over %d and %d processes, p %s by Holm"
            .formatted(
                metric.healthA().processes(),
                metric.healthB().processes(),
                CompareText.p(metric.adjustedP()));
  }
}
