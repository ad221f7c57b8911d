// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.Judgeable.Barred;
import io.gpubench.app.versions.Versions;
import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome.Failed;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.Outcome.Measured;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.DuetSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run of duets says, of which A is the baseline and B is new. Pure. */
final class LiveCases {
  /** Samples whose work differs by no more than this can be compared by their times. */
  private static final double SAME_WORK = 0.05;

  /** A process with fewer samples says nothing of a median. */
  private static final int FEWEST = 10;

  private final RunDocument run;
  private final List<Judged> judged;
  private final List<Barred> barred;

  private LiveCases(RunDocument run, List<Barred> barred) {
    this.run = run;
    this.judged = TwoStage.judge(run.duets() == null ? List.of() : run.duets());
    this.barred = barred;
  }

  /**
   * Every case, in the order of the plan.
   *
   * @param barred metrics that were asked for and are not judged, and why
   */
  static List<GateCase> of(RunDocument run, List<Barred> barred) {
    var cases = new LiveCases(run, barred);
    var all = new ArrayList<GateCase>();
    for (int i = 0; i + 1 < run.planned().size(); i += 2) {
      all.addAll(cases.of(run.planned().get(i), run.planned().get(i + 1)));
    }
    return all;
  }

  private List<GateCase> of(RunDocument.Planned plannedA, RunDocument.Planned plannedB) {
    ResultRecord a = record(plannedA);
    ResultRecord b = record(plannedB);
    if (a == null || b == null) {
      return List.of(whole(plannedB, Outcome.OPEN, "Inconclusive", "it was not measured any more"));
    }
    List<Judged> ofPair =
        judged.stream().filter(one -> one.comparison().a().record().equals(a.id())).toList();
    Optional<GateCase> broken = broken(plannedB, a, b, decided(ofPair));
    if (broken.isPresent()) {
      return List.of(broken.get());
    }
    var all = new ArrayList<GateCase>();
    ofPair.forEach(one -> all.add(metric(plannedB, one, a, b)));
    if (all.isEmpty()) {
      all.add(whole(plannedB, Outcome.OPEN, "Inconclusive", "no duet was played"));
    }
    for (Barred one : barred) {
      if (one.of(b.workload(), b.engine())) {
        all.add(barred(plannedB, a, one));
      }
    }
    return all;
  }

  private @Nullable ResultRecord record(RunDocument.Planned planned) {
    return run.records().stream()
        .filter(record -> record.id().equals(planned.id()))
        .findFirst()
        .orElse(null);
  }

  private static GateCase whole(
      RunDocument.Planned planned, Outcome outcome, String verdict, String reason) {
    return GateCase.whole(
        planned.workload(),
        planned.parameters(),
        planned.engine(),
        planned.mode().toString(),
        outcome,
        verdict,
        reason);
  }

  /** Whether it was decided, whatever became of single duets, which others have replaced. */
  private static boolean decided(List<Judged> ofPair) {
    return !ofPair.isEmpty()
        && ofPair.stream()
            .allMatch(one -> {
              DuetComparison.Trial trial = one.comparison().trial();
              return trial != null && DuetComparison.Trial.DECIDED.equals(trial.ended());
            });
  }

  /** What speaks against any comparison; a wrong answer most of all. */
  private static Optional<GateCase> broken(
      RunDocument.Planned planned, ResultRecord a, ResultRecord b, boolean decided) {
    String ofA = "the baseline: " + a.outcome() + ": " + a.reason();
    String ofB = String.valueOf(b.reason());
    if (b.outcomeValue() instanceof Incorrect) {
      return Optional.of(whole(planned, Outcome.INCORRECT, b.outcome(), ofB));
    }
    if (a.outcomeValue() instanceof Incorrect) {
      return Optional.of(
          whole(planned, Outcome.OPEN, "Inconclusive", "nothing to compare with; " + ofA));
    }
    if (b.outcomeValue() instanceof Failed && !decided) {
      return Optional.of(
          whole(
              planned,
              Outcome.FAILED,
              b.outcome(),
              a.outcomeValue() instanceof Failed ? ofB + "; so does the baseline" : ofB));
    }
    if (!(b.outcomeValue() instanceof Measured) && !decided) {
      return Optional.of(whole(planned, Outcome.OPEN, b.outcome(), ofB));
    }
    if (!(a.outcomeValue() instanceof Measured) && !decided) {
      return Optional.of(
          whole(planned, Outcome.OPEN, "Inconclusive", "nothing to compare with; " + ofA));
    }
    ResultRecord.WorkPart workOfA = a.work();
    ResultRecord.WorkPart workOfB = b.work();
    if (workOfA != null
        && workOfB != null
        && Math.abs(workOfB.units() / workOfA.units() - 1) > SAME_WORK) {
      return Optional.of(
          whole(
              planned,
              Outcome.OPEN,
              "Inconclusive",
              String.format(
                  Locale.ROOT,
                  "a sample is other work than in the baseline: %.0f %s, and it was %.0f",
                  workOfB.units(),
                  workOfB.unit(),
                  workOfA.units())));
    }
    return Optional.empty();
  }

  private static GateCase metric(
      RunDocument.Planned planned, Judged one, ResultRecord a, ResultRecord b) {
    long lost = one.comparison().played().stream().filter(duet -> duet.logRatios() == null).count();
    String how =
        lost == 0 ? one.how() : "%s; %d more duets do not count".formatted(one.how(), lost);
    long needed = one.metric().equals(TrialRule.P95) ? TrialRule.FEWEST_FOR_P95 : FEWEST;
    RunDocument.Effort effort = planned.effort();
    long asked = effort == null ? 0 : effort.stoppingRule().minSamples();
    long fewest = Math.min(fewest(a), fewest(b));
    if (!one.open() && fewest < Math.max(needed, asked)) {
      String few =
          "under-sampled: a side of a duet has %d samples, and %d were asked for"
              .formatted(fewest, Math.max(needed, asked));
      return metric(planned, one, new Verdict.Inconclusive(few), how);
    }
    return metric(planned, one, one.verdict(), how);
  }

  /** Of the processes that count. */
  private static long fewest(ResultRecord record) {
    return record.processes().stream()
        .filter(part ->
            io.gpubench.measure.result.Outcome.of(part.outcome(), part.reason())
                instanceof Measured)
        .mapToLong(ProcessPart::sampleCount)
        .filter(samples -> samples > 0)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static GateCase metric(
      RunDocument.Planned planned, Judged one, Verdict verdict, String how) {
    DuetSummary.Metric summary = summary(one.comparison(), one.metric());
    String needed =
        one.open() && one.duetsNeeded() != null
            ? String.format(Locale.ROOT, "; about %,d duets would tell", one.duetsNeeded())
            : "";
    String reason = verdict.reason();
    return new GateCase(
        planned.workload(),
        planned.parameters(),
        planned.engine(),
        planned.mode().toString(),
        one.metric(),
        one.tolerance(),
        GateCase.outcome(verdict),
        verdict.word(),
        reason == null ? null : reason + needed,
        how,
        summary == null ? null : (Double) summary.nanosA(),
        summary == null ? null : (Double) summary.nanosB(),
        one.ratio(),
        one.lower(),
        one.upper());
  }

  private GateCase barred(RunDocument.Planned planned, ResultRecord a, Barred one) {
    DuetSummary.Metric summary =
        (run.duets() == null ? List.<DuetComparison>of() : run.duets())
            .stream()
                .filter(duet -> duet.a().record().equals(a.id()))
                .findFirst()
                .map(duet -> summary(duet, one.metric()))
                .orElse(null);
    return new GateCase(
        planned.workload(),
        planned.parameters(),
        planned.engine(),
        planned.mode().toString(),
        one.metric(),
        one.tolerance(),
        Outcome.OPEN,
        "Inconclusive",
        one.reason(),
        "reported, not judged",
        summary == null ? null : (Double) summary.nanosA(),
        summary == null ? null : (Double) summary.nanosB(),
        summary == null ? null : (Double) summary.ratio(),
        summary == null ? null : summary.lower(),
        summary == null ? null : summary.upper());
  }

  private static DuetSummary.@Nullable Metric summary(DuetComparison duet, String metric) {
    DuetSummary summary = duet.summary();
    if (summary == null) {
      return null;
    }
    return metric.equals(TrialRule.P95) ? summary.p95() : summary.median();
  }

  /** Which gpubench was which, a line each. */
  static List<String> versions(RunDocument run) {
    var lines = new ArrayList<String>();
    if (!run.engines().isEmpty()) {
      lines.add("old: " + version(run.engines().getFirst()));
      lines.add("new: " + version(run.engines().getLast()));
    }
    return lines;
  }

  private static String version(RunDocument.EngineChoice engine) {
    return engine.description().get(Versions.FACT) instanceof Map<?, ?> facts
        ? Versions.text(facts)
        : "this gpubench";
  }
}
