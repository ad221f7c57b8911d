// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Derives a comparison by duets anew from the processes of its sides. Used by one thread. */
final class DuetCheck {
  private final RunDocument run;
  private final Map<String, List<ProcessPart>> derived;
  private final Findings findings;

  /**
   * Sets it up.
   *
   * @param derived processes with the statistics that their samples give, by the record's id
   */
  DuetCheck(RunDocument run, Map<String, List<ProcessPart>> derived, Findings findings) {
    this.run = run;
    this.derived = derived;
    this.findings = findings;
  }

  /**
   * Checks one.
   *
   * @param stated as it was written
   */
  void check(DuetComparison comparison, JsonNode stated) {
    String place = comparison.a().record();
    numbers(comparison, place);
    var played = new ArrayList<Played>();
    var ofA = new ArrayList<Statistics>();
    var ofB = new ArrayList<Statistics>();
    for (Played duet : comparison.played()) {
      ProcessPart a = part(comparison.a(), duet, place);
      ProcessPart b = part(comparison.b(), duet, place);
      if (a == null || b == null) {
        return;
      }
      boolean measured = measured(a) && measured(b);
      boolean counts = duet.logRatios() != null;
      if (counts ? !measured || duet.reason() != null : duet.reason() == null) {
        findings.add(
            Flaw.RECORD,
            place,
            "duet %d counts and is said not to, or the other way round".formatted(duet.number()));
      } else if (!counts && measured && run.status().equals(RunDocument.COMPLETE)) {
        findings.add(
            Flaw.RECORD, place, "duet %d was measured and left out".formatted(duet.number()));
      }
      LogRatios ratios = null;
      if (counts && a.statistics() != null && b.statistics() != null) {
        ofA.add(a.statistics());
        ofB.add(b.statistics());
        ratios = LogRatios.of(a.statistics(), b.statistics());
      }
      played.add(
          new Played(
              duet.number(),
              duet.startedFirst(),
              duet.beganFirst(),
              duet.slices(),
              duet.reason(),
              ratios));
    }
    var expected =
        new DuetComparison(
            comparison.a(),
            comparison.b(),
            comparison.planned(),
            comparison.sliceSeconds(),
            played,
            ofA.isEmpty() ? null : DuetSummary.of(ofA, ofB),
            comparison.trial());
    trial(expected, place);
    List<TreeDifference> differences = TreeDifference.between(stated, RunJson.tree(expected));
    if (!differences.isEmpty()) {
      findings.add(Flaw.STATISTIC, place, differences.getFirst().text("duets"));
    }
  }

  /** Whether duets were played until it was decided by its rule, and no longer. */
  private void trial(DuetComparison comparison, String place) {
    if (comparison.trial() == null) {
      return;
    }
    String wrong;
    try {
      wrong = TwoStage.irregularity(comparison);
    } catch (ConfigException | IllegalArgumentException e) {
      wrong = "no rule to decide by: " + e.getMessage();
    }
    if (wrong == null && !sameRule(comparison.trial())) {
      wrong = "it was decided by another rule than others of the run";
    }
    if (wrong != null) {
      findings.add(Flaw.RECORD, place, wrong);
    }
  }

  private boolean sameRule(DuetComparison.Trial trial) {
    List<DuetComparison> all = run.duets() == null ? List.of() : run.duets();
    return all.stream()
        .map(DuetComparison::trial)
        .allMatch(other ->
            other != null
                && other.alpha() == trial.alpha()
                && other.tolerances().equals(trial.tolerances())
                && other.looks().equals(trial.looks())
                && other.confirmations() == trial.confirmations());
  }

  /** Duets are counted from 1, and each has a process on both sides. */
  private void numbers(DuetComparison comparison, String place) {
    List<Integer> numbers = comparison.played().stream().map(Played::number).toList();
    if (!numbers.equals(IntStream.rangeClosed(1, numbers.size()).boxed().toList())) {
      findings.add(Flaw.RECORD, place, "its duets are numbered " + numbers);
    }
    for (DuetComparison.Side side : List.of(comparison.a(), comparison.b())) {
      List<Integer> processes =
          derived.getOrDefault(side.record(), List.of()).stream()
              .map(ProcessPart::repetition)
              .toList();
      if (run.status().equals(RunDocument.COMPLETE) && !processes.equals(numbers)) {
        findings.add(
            Flaw.RECORD,
            side.record(),
            "it has the processes %s, and duets were %s".formatted(processes, numbers));
      }
    }
  }

  private @Nullable ProcessPart part(DuetComparison.Side side, Played duet, String place) {
    for (ProcessPart part : derived.getOrDefault(side.record(), List.of())) {
      if (part.repetition() == duet.number()) {
        return part;
      }
    }
    findings.add(
        Flaw.RECORD, place, "%s has no process %d".formatted(side.record(), duet.number()));
    return null;
  }

  private static boolean measured(ProcessPart part) {
    return Outcome.of(part.outcome(), part.reason()) instanceof Outcome.Measured;
  }
}
