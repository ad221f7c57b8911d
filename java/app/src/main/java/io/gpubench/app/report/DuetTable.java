// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.DuetSummary.Metric;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run of duets as tables for people: one block for each comparison, one line for each metric. */
public final class DuetTable {
  /** Samples of the same work differ by at most so much, since inputs in rotation differ. */
  static final double SAME_WORK = 0.05;

  private DuetTable() {}

  /** The run's heading, its comparisons, and a note for whatever is not as it should be. */
  public static String of(RunDocument run) {
    List<DuetComparison> comparisons = run.duets() == null ? List.of() : run.duets();
    var text = new StringBuilder(RunTable.heading(run, ""));
    List<Judged> judged = TwoStage.judge(comparisons);
    comparisons.forEach(comparison -> {
      text.append('\n').append(block(run, comparison));
      judged.stream()
          .filter(one -> one.comparison().a().equals(comparison.a()))
          .forEach(one -> text.append(verdict(one)));
    });
    if (comparisons.stream().anyMatch(comparison -> comparison.summary() != null)) {
      text.append(
          "%nspread: of B/A, from duet to duet; unpaired: of B/A, if these processes were compared in any order%n"
              .formatted());
    }
    return text.append(SpeedUpText.of(run)).toString();
  }

  private static String block(RunDocument run, DuetComparison comparison) {
    ResultRecord a = record(run, comparison.a());
    ResultRecord b = record(run, comparison.b());
    if (a == null || b == null) {
      return "%s against %s: nothing is known%n"
          .formatted(comparison.a().name(), comparison.b().name());
    }
    DuetSummary summary = comparison.summary();
    int counting = summary == null ? 0 : summary.duets();
    var text = new StringBuilder();
    text.append("%s %s%n".formatted(a.workload(), parameters(shared(a, b))));
    text.append(side("A", comparison.a(), a, b)).append(side("B", comparison.b(), b, a));
    text.append(
        "%d of %d duets count, in slices of %s%s%n"
            .formatted(
                counting,
                comparison.trial() == null ? comparison.planned() : comparison.played().size(),
                Durations.format(Duration.ofNanos(Math.round(comparison.sliceSeconds() * 1e9))),
                summary == null ? "" : "; times in " + unit(summary, a, b).symbol));
    if (summary != null) {
      text.append(table(summary, a, b));
    }
    text.append(
        StagesText.of(
            List.of(a, b), List.of("side"), side -> List.of(side.id().equals(a.id()) ? "A" : "B")));
    return text.append(notes(comparison, a, b)).toString();
  }

  /** What is decided of a metric, and how; in one line. */
  static String verdict(Judged judged) {
    String said =
        switch (judged.verdict()) {
          case Verdict.Same _ -> "Same, within " + Figures.percent(judged.tolerance());
          case Verdict.Changed changed ->
              "Changed, B is %s by %s"
                  .formatted(
                      changed.slower() ? "slower" : "faster",
                      Figures.percent(Math.abs(changed.ratio() - 1)));
          case Verdict.Inconclusive open ->
              "Inconclusive: "
                  + open.reason()
                  + (judged.duetsNeeded() == null
                      ? ""
                      : "; about %,d duets would tell a difference of %s"
                          .formatted(judged.duetsNeeded(), Figures.percent(judged.tolerance())));
        };
    return "%s: %s (%s)%n".formatted(judged.metric(), said, judged.how());
  }

  private static @Nullable ResultRecord record(RunDocument run, DuetComparison.Side side) {
    return run.records().stream()
        .filter(record -> record.id().equals(side.record()))
        .findFirst()
        .orElse(null);
  }

  private static String side(
      String name, DuetComparison.Side side, ResultRecord record, ResultRecord other) {
    var own = new LinkedHashMap<>(record.parameters());
    own.keySet().removeAll(shared(record, other).keySet());
    return "%s: %s (%s, path %s%s)%s%n"
        .formatted(
            name,
            side.name(),
            Place.of(record),
            mode(record),
            own.isEmpty() ? "" : ", " + parameters(own),
            Ceilings.clause(record.ceiling()));
  }

  private static Map<String, Object> shared(ResultRecord a, ResultRecord b) {
    var shared = new LinkedHashMap<>(a.parameters());
    shared
        .entrySet()
        .removeIf(entry -> !entry.getValue().equals(b.parameters().get(entry.getKey())));
    return shared;
  }

  private static String parameters(Map<String, Object> parameters) {
    return String.join(
        " ",
        parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
  }

  /** The path, and what is not usual of the clock and the caches. */
  private static String mode(ResultRecord record) {
    boolean usual = RunTable.clock(record).equals(Clock.HOST.word());
    return record.path() + (usual ? "" : ", clock " + RunTable.clock(record));
  }

  private static TimeUnit unit(DuetSummary summary, ResultRecord a, ResultRecord b) {
    return TimeUnit.fitting(
        Math.min(
            summary.median().nanosA() / a.piecesOfSample(),
            summary.median().nanosB() / b.piecesOfSample()));
  }

  private static TextTable table(DuetSummary summary, ResultRecord a, ResultRecord b) {
    TimeUnit unit = unit(summary, a, b);
    var table =
        new TextTable()
            .column("metric", Align.LEFT)
            .column("A", Align.RIGHT)
            .column("B", Align.RIGHT)
            .column("B/A", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("spread", Align.RIGHT)
            .column("unpaired", Align.RIGHT)
            .column("better by", Align.RIGHT);
    table.row(row("median", summary.median(), unit, a, b));
    table.row(row("p95", summary.p95(), unit, a, b));
    return table;
  }

  private static List<String> row(
      String name, Metric metric, TimeUnit unit, ResultRecord a, ResultRecord b) {
    return List.of(
        name,
        unit.of(metric.nanosA() / a.piecesOfSample()),
        unit.of(metric.nanosB() / b.piecesOfSample()),
        Figures.ratio(metric.ratio()),
        metric.lower() == null || metric.upper() == null
            ? "none ?"
            : Figures.ratio(metric.lower()) + " .. " + Figures.ratio(metric.upper()),
        percent(metric.spread()),
        percent(metric.unpairedSpread()),
        better(metric));
  }

  /** By what factor the spread is smaller than that of unpaired processes. */
  private static String better(Metric metric) {
    Double spread = metric.spread();
    Double unpaired = metric.unpairedSpread();
    return spread == null || unpaired == null || spread == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f x", unpaired / spread);
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : Figures.percent(share);
  }

  private static String notes(DuetComparison comparison, ResultRecord a, ResultRecord b) {
    var notes = new StringBuilder();
    DuetSummary summary = comparison.summary();
    if (summary != null && summary.median().lower() == null) {
      notes.append("? too few duets for an interval%n".formatted());
    }
    DuetComparison.Trial trial = comparison.trial();
    if (trial != null && !TrialRule.of(trial).usual()) {
      notes.append(
          "* decided by an unusual rule: error %s, looks after %s duets, %d fresh ones%n"
              .formatted(Figures.percent(trial.alpha()), trial.looks(), trial.confirmations()));
    }
    comparison.played().stream()
        .filter(duet -> duet.reason() != null)
        .forEach(duet ->
            notes.append("* duet %d does not count: %s%n".formatted(duet.number(), duet.reason())));
    return notes.append(work(summary, a, b)).append(notes("A", a)).append(notes("B", b)).toString();
  }

  /** That times are not of the same work, and what they come to if they were. */
  static String work(@Nullable DuetSummary summary, ResultRecord a, ResultRecord b) {
    ResultRecord.WorkPart workOfA = a.work();
    ResultRecord.WorkPart workOfB = b.work();
    if (summary == null || workOfA == null || workOfB == null) {
      return "";
    }
    double more = workOfB.units() / workOfA.units();
    return Math.abs(more - 1) <= SAME_WORK
        ? ""
        : String.format(
            Locale.ROOT,
            "* a sample of A is %,.0f %s and one of B %,.0f: for as many, B/A of the median is"
                + " %s%n",
            workOfA.units(),
            workOfA.unit(),
            workOfB.units(),
            Figures.ratio(summary.median().ratio() / more));
  }

  private static String notes(String side, ResultRecord record) {
    var notes = new StringBuilder();
    if (record.configuration().get(Slowdown.KEY) instanceof Number factor) {
      notes.append("* %s: SLOWED DOWN on purpose, by slowdown=%s%n".formatted(side, factor));
    }
    List<ProcessPart> warmed =
        record.processes().stream().filter(part -> part.warmup() != null).toList();
    long unsteady = warmed.stream().filter(part -> !steady(part)).count();
    if (unsteady > 0) {
      notes.append(
          "* %s: in %d of %d processes the times had not settled when measuring began%n"
              .formatted(side, unsteady, warmed.size()));
    }
    if (!record.throttledBy().isEmpty()) {
      notes.append(
          "* %s: throttled: %s%n".formatted(side, Printable.line(ThrottlingText.of(record))));
    }
    if (record.underSampled() && record.sampleCount() > 0) {
      notes.append(
          "* %s: under-sampled: %s%n"
              .formatted(
                  side,
                  record.underSampledWhy() == null
                      ? "fewer samples or duets than were asked for, or under 10 ms of measuring"
                      : Printable.line(record.underSampledWhy())));
    }
    return notes.toString();
  }

  private static boolean steady(ProcessPart part) {
    return part.warmup() != null && part.warmup().steady();
  }
}
