// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.CompareReport.Block;
import io.gpubench.app.report.CompareReport.Row;
import io.gpubench.app.report.CompareReport.Side;
import io.gpubench.measure.compare.Health;
import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.stats.DuetSummary;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Comparisons by duets as a report. */
public final class LiveReport {
  private static final double CONFIDENCE = 0.95;

  private LiveReport() {}

  /**
   * Duets of two sides.
   *
   * @param a index of a side
   * @param b index of a later one
   * @param run what came of them
   * @param evidence where it is kept
   */
  public record Pair(int a, int b, RunDocument run, String evidence) {}

  /** Two sides that could not be measured, and why in one line. */
  public record Failure(int a, int b, String reason) {}

  /**
   * The report; everything is judged together.
   *
   * @param sides as they were asked for
   * @param skipped sides that could not be measured
   * @param pairs of them, in order
   * @param failures pairs of which nothing could be measured
   */
  public static CompareReport of(
      List<String> sides,
      List<SkippedSide> skipped,
      List<Pair> pairs,
      List<Failure> failures,
      double elapsedSeconds) {
    var verdicts = new IdentityHashMap<DuetComparison, List<Judged>>();
    TwoStage.judge(pairs.stream().flatMap(pair -> comparisons(pair).stream()).toList())
        .forEach(judged ->
            verdicts.computeIfAbsent(judged.comparison(), _ -> new ArrayList<>()).add(judged));
    var blocks = new ArrayList<Block>();
    boolean synthetic = false;
    for (Pair pair : pairs) {
      for (DuetComparison comparison : comparisons(pair)) {
        blocks.add(block(pair, comparison, verdicts.getOrDefault(comparison, List.of())));
      }
      synthetic |= pair.run().records().stream().anyMatch(ResultRecord::synthetic);
    }
    for (Failure failure : failures) {
      blocks.add(unfit(failure.a(), failure.b(), "everything", failure.reason()));
    }
    var limits = new ArrayList<String>();
    limits.add(
        "Said of this machine as it is now; a duet is one draw, however many samples it took.");
    if (pairs.size() > 1) {
      limits.add(
          "All pairs are judged together, so a verdict may be more careful than what 'gpubench show' says of"
              + " one pair's run alone.");
    }
    if (synthetic) {
      limits.add("Synthetic times say nothing of the hardware that the engine stands for.");
    }
    return new CompareReport(
        CompareReport.Method.DUETS,
        IntStream.range(0, sides.size())
            .mapToObj(side -> new Side(sides.get(side), places(side, pairs), List.of()))
            .toList(),
        skipped,
        List.of(),
        blocks,
        List.of(),
        limits,
        pairs.stream().map(Pair::evidence).toList(),
        elapsedSeconds);
  }

  /** On which devices a side was measured; empty where it was the processors, as always. */
  private static String places(int side, List<Pair> pairs) {
    var places = new LinkedHashSet<String>();
    for (Pair pair : pairs) {
      for (DuetComparison comparison : comparisons(pair)) {
        if (pair.a() == side) {
          place(pair.run(), comparison.a()).ifPresent(places::add);
        }
        if (pair.b() == side) {
          place(pair.run(), comparison.b()).ifPresent(places::add);
        }
      }
    }
    return String.join("; ", places);
  }

  private static Optional<String> place(RunDocument run, DuetComparison.Side side) {
    return record(run, side).map(Place::what).filter(what -> !what.isEmpty());
  }

  private static Optional<ResultRecord> record(RunDocument run, DuetComparison.Side side) {
    return run.records().stream().filter(record -> record.id().equals(side.record())).findFirst();
  }

  private static List<DuetComparison> comparisons(Pair pair) {
    List<DuetComparison> all = pair.run().duets();
    return all == null ? List.of() : all;
  }

  private static Block block(Pair pair, DuetComparison comparison, List<Judged> verdicts) {
    RecordedCase a = side(pair.run(), comparison.a()).orElse(null);
    RecordedCase b = side(pair.run(), comparison.b()).orElse(null);
    if (a == null || b == null) { // one that was cut off
      return unfit(pair.a(), pair.b(), comparison.a().record(), "nothing is known of a side");
    }
    var remarks = new ArrayList<String>();
    comparison.played().stream()
        .filter(duet -> duet.reason() != null)
        .forEach(duet ->
            remarks.add("duet %d does not count: %s".formatted(duet.number(), duet.reason())));
    a.remarks().forEach(remark -> remarks.add(CompareReport.letter(pair.a()) + ": " + remark));
    b.remarks().forEach(remark -> remarks.add(CompareReport.letter(pair.b()) + ": " + remark));
    DuetSummary summary = comparison.summary();
    return new Block(
        pair.a(),
        pair.b(),
        a.workload(),
        a.parameters(),
        b.parameters(),
        a.settings(),
        b.settings(),
        verdicts.isEmpty() ? "no duet counts" : null,
        rows(summary, verdicts, a, b, doubt(pair.run(), comparison)),
        remarks);
  }

  /**
   * Why no verdict rests on it: a side took fewer samples than were asked for, or was slowed down.
   */
  private static @Nullable String doubt(RunDocument run, DuetComparison comparison) {
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      ResultRecord record = record(run, side).orElse(null);
      if (record == null) {
        continue;
      }
      List<String> slowdowns =
          record.throttledBy().stream().filter(Throttling.SLOWDOWNS::contains).toList();
      if (!slowdowns.isEmpty()) {
        return side.name() + " was throttled: " + String.join(", ", slowdowns);
      }
      long asked =
          run.planned().stream()
              .filter(one -> one.id().equals(side.record()) && one.effort() != null)
              .mapToLong(one -> Objects.requireNonNull(one.effort()).stoppingRule().minSamples())
              .findFirst()
              .orElse(0);
      for (ProcessPart part : record.processes()) {
        if (part.outcome().equals("Measured") && part.sampleCount() < asked) {
          return String.format(
              Locale.ROOT,
              "%s is under-sampled: process %d took %,d of %,d samples",
              side.name(),
              part.repetition(),
              part.sampleCount(),
              asked);
        }
      }
    }
    return null;
  }

  private static Block unfit(int a, int b, String what, String why) {
    return new Block(a, b, what, Map.of(), Map.of(), Map.of(), Map.of(), why, List.of(), List.of());
  }

  /** What the processes of a side say; a record with a failure is one all the same. */
  private static Optional<RecordedCase> side(RunDocument run, DuetComparison.Side side) {
    return record(run, side).map(record -> RecordedSide.caseOf(side.name(), run, record));
  }

  private static List<Row> rows(
      @Nullable DuetSummary summary,
      List<Judged> verdicts,
      RecordedCase a,
      RecordedCase b,
      @Nullable String doubt) {
    var metrics = new LinkedHashMap<String, DuetSummary.@Nullable Metric>();
    metrics.put("median", summary == null ? null : summary.median());
    metrics.put("p95", summary == null ? null : summary.p95());
    var rows = new ArrayList<Row>();
    metrics.forEach((name, metric) -> {
      Judged judged =
          verdicts.stream().filter(one -> one.metric().equals(name)).findFirst().orElse(null);
      if (metric != null || judged != null) {
        int duets = judged != null ? judged.duets() : Objects.requireNonNull(summary).duets();
        rows.add(row(name, metric, judged, duets, a, b, doubt));
      }
    });
    return rows;
  }

  private static Row row(
      String name,
      DuetSummary.@Nullable Metric metric,
      @Nullable Judged judged,
      int duets,
      RecordedCase a,
      RecordedCase b,
      @Nullable String doubt) {
    return new Row(
        name,
        metric == null ? null : (Double) metric.nanosA(),
        metric == null ? null : (Double) metric.nanosB(),
        judged != null ? judged.ratio() : metric == null ? null : (Double) metric.ratio(),
        judged != null ? judged.lower() : metric == null ? null : metric.lower(),
        judged != null ? judged.upper() : metric == null ? null : metric.upper(),
        CONFIDENCE,
        new CompareReport.Units(duets, duets),
        null,
        null,
        null,
        judged == null ? null : (Double) judged.tolerance(),
        judged == null ? null : doubt == null ? judged.verdict() : new Verdict.Inconclusive(doubt),
        judged == null ? null : judged.how(),
        judged != null ? judged.spread() : metric == null ? null : metric.spread(),
        judged == null ? null : judged.duetsNeeded(),
        judged == null ? null : health(a, name),
        judged == null ? null : health(b, name));
  }

  private static @Nullable Health health(RecordedCase side, String metric) {
    double[] nanos = side.nanos(metric);
    return nanos == null ? null : Health.of(side, nanos, null);
  }
}
