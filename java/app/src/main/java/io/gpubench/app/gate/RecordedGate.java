// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.compare.Difference.Kind;
import io.gpubench.measure.compare.Differences;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.Outcome.Measured;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.verify.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This gpubench against what was measured before: a fresh run, and where that is slower a second
 * one that has to confirm it. Weaker than duets, since nobody can tell what the machine did in
 * between.
 *
 * @param request what is measured
 * @param baselines in which the baseline of this machine is kept
 * @param named a run directory that is the baseline; null for the kept one
 * @param tolerances from a metric to the relative difference that does not matter
 * @param maxTime for all of it; null for no limit
 * @param tail whether p95 may be judged
 */
public record RecordedGate(
    SuiteRequest request,
    Baselines baselines,
    @Nullable Path named,
    Map<String, Double> tolerances,
    @Nullable Duration maxTime,
    TailBar tail) {
  private static final String REMEDY =
      "measure another with --update, or compare live: --baseline COMMIT";

  public RecordedGate {
    tolerances = Map.copyOf(tolerances);
  }

  /**
   * Measures and judges; where there is no baseline it measures nothing.
   *
   * @throws ConfigException when the baseline is of something else, with the differences
   * @throws EngineException when no engine passes its self-check
   */
  public GateResult run(Journey journey) {
    long began = System.nanoTime();
    SuiteRequest.Prepared prepared = request.plan(journey.installation(), journey.cancellation());
    HardwareIdentity now = Likeness.identity(prepared);
    Path baseline = named != null ? named : baselines.find(now).orElse(null);
    if (baseline == null) {
      return absent(now, began);
    }
    Optional<GateCase> unverified = verify(baseline, journey);
    if (unverified.isPresent()) {
      return result(
          GateResult.Mode.RECORDED,
          baseline,
          List.of(unverified.get()),
          List.of(),
          List.of(),
          false,
          began);
    }
    RunDocument old = RunReader.read(baseline);
    Likeness.demand(baseline, old, prepared, now, REMEDY);
    Judgeable judgeable =
        Judgeable.of(
            tolerances,
            prepared.plan().runs().stream()
                .map(run -> new Judgeable.Subject(run.workload().id(), run.engine()))
                .toList(),
            tail);
    return judgeable.tolerances().isEmpty()
        ? judgeable.nothing(GateResult.Mode.RECORDED, baseline.toString(), began)
        : judge(baseline, old, judgeable, journey, began);
  }

  /**
   * Measures a baseline and keeps it in the place of the one before.
   *
   * @param dirty whether a gpubench that was built from changed sources will do
   * @throws ConfigException when it will not
   */
  public GateResult update(Journey journey, boolean dirty) {
    long began = System.nanoTime();
    if (BuiltIn.tool().modified() && !dirty) {
      throw new ConfigException(
          "--update: this gpubench was built from changed sources, which nobody could find again; commit them, or add --dirty");
    }
    SuiteRequest.Prepared prepared = request.plan(journey.installation(), journey.cancellation());
    HardwareIdentity now = Likeness.identity(prepared);
    StoredRun run;
    boolean late;
    try (var deadline = new Deadline(maxTime, journey.cancellation())) {
      run = measure(journey);
      late = deadline.passed();
    }
    List<GateCase> bad = run.complete() ? bad(run.document()) : cut(run.document(), late);
    if (!bad.isEmpty()) {
      var notes = List.of("no baseline was kept: what was measured is no good for one");
      return result(
          GateResult.Mode.KEPT,
          baselines.folder(now),
          bad,
          notes,
          List.of(run.directory()),
          !run.complete() && !late,
          began);
    }
    Path kept = baselines.keep(now, run.directory());
    return result(
        GateResult.Mode.KEPT,
        kept,
        List.of(),
        List.of("kept: " + kept),
        List.of(run.directory()),
        false,
        began);
  }

  /** What speaks against a run as a baseline. */
  private List<GateCase> bad(RunDocument run) {
    var bad = new ArrayList<GateCase>();
    for (ResultRecord record : run.records()) {
      String reason = null;
      Outcome outcome = Outcome.OPEN;
      if (record.outcomeValue() instanceof Incorrect) {
        outcome = Outcome.INCORRECT;
        reason = record.reason();
      } else if (!(record.outcomeValue() instanceof Measured)) {
        outcome =
            record.outcomeValue() instanceof io.gpubench.measure.result.Outcome.Failed
                ? Outcome.FAILED
                : Outcome.OPEN;
        reason = record.reason();
      } else if (record.underSampled()) {
        String why = record.underSampledWhy();
        reason = "under-sampled: " + (why == null ? "too few samples" : why);
      } else if (record.synthetic() && request.device() == null) {
        reason = "its times are synthetic; name the simulated device to keep them";
      }
      if (reason != null) {
        bad.add(
            GateCase.whole(
                record.workload(),
                record.parameters(),
                record.engine(),
                record.path(),
                outcome,
                record.outcomeValue() instanceof Measured ? "Inconclusive" : record.outcome(),
                reason));
      }
    }
    return bad;
  }

  private StoredRun measure(Journey journey) {
    StoredRun run = request.measure(journey);
    if (run.failure() != null) {
      throw run.failure();
    }
    return run;
  }

  private GateResult absent(HardwareIdentity now, long began) {
    List<String> others = baselines.machines();
    String line =
        "there is no baseline of this machine in %s%s; --update measures one and keeps it"
            .formatted(
                baselines.folder(now),
                others.isEmpty() ? "" : ", only of " + String.join(", ", others));
    return result(
        GateResult.Mode.ABSENT,
        baselines.folder(now),
        List.of(),
        List.of(line),
        List.of(),
        false,
        began);
  }

  private static GateResult result(
      GateResult.Mode mode,
      Path baseline,
      List<GateCase> cases,
      List<String> notes,
      List<Path> evidence,
      boolean interrupted,
      long began) {
    return new GateResult(
        mode,
        baseline.toString(),
        cases,
        notes,
        evidence,
        interrupted,
        (System.nanoTime() - began) / 1e9);
  }

  private static Optional<GateCase> verify(Path baseline, Journey journey) {
    Verification found = journey.installation().verifier(Set.of()).verify(baseline);
    if (found.verified()) {
      return Optional.empty();
    }
    return Optional.of(
        GateCase.whole(
            "baseline",
            Map.of(),
            "",
            "",
            Outcome.UNVERIFIED,
            "Unverified",
            found.findings().getFirst().message()));
  }

  private GateResult judge(
      Path baseline, RunDocument old, Judgeable judgeable, Journey journey, long began) {
    var evidence = new ArrayList<Path>();
    RecordedSide before = RecordedSide.of("the baseline", old);
    try (var deadline = new Deadline(maxTime, journey.cancellation())) {
      StoredRun run = measure(journey);
      evidence.add(run.directory());
      if (!run.complete()) {
        return cutOff(baseline, run.document(), evidence, deadline.passed(), began);
      }
      RecordedCases.Fresh first = compared(before, run.document(), judgeable);
      RecordedCases.Fresh second = null;
      String noSecond = null;
      boolean interrupted = false;
      if (RecordedCases.suspect(first.comparison()) && !deadline.passed()) {
        journey.listener().say("slower than the baseline; a second fresh run has to confirm it");
        try {
          StoredRun again = measure(journey);
          evidence.add(again.directory());
          second = again.complete() ? compared(before, again.document(), judgeable) : null;
        } catch (BenchException e) { // what the first run said is not lost
          noSecond = "there is no second: " + e.getMessage();
        }
        interrupted = second == null && noSecond == null && !deadline.passed();
      }
      if (second == null && deadline.passed()) {
        noSecond = "the time was up before a second could confirm it";
      }
      return result(
          GateResult.Mode.RECORDED,
          baseline,
          RecordedCases.of(first, second, noSecond, tolerances, judgeable.barred()),
          notes(first),
          evidence,
          interrupted,
          began);
    }
  }

  private static List<String> notes(RecordedCases.Fresh fresh) {
    var notes = new LinkedHashSet<>(Remarks.of(fresh.run()));
    notes.addAll(fresh.comparison().limits());
    fresh.comparison().differences().forEach(one -> notes.add("old | new: " + one));
    notes.add(
        "A recorded gate has no bounded rate of false alarms: a second fresh run excludes chance, and not that the"
            + " machine itself is slower today. Live gates, against a commit or a bundle, have one.");
    return List.copyOf(notes);
  }

  private GateResult cutOff(
      Path baseline, RunDocument run, List<Path> evidence, boolean late, long began) {
    return result(
        GateResult.Mode.RECORDED, baseline, cut(run, late), List.of(), evidence, !late, began);
  }

  /** Of a run that did not come to its end. */
  private List<GateCase> cut(RunDocument run, boolean late) {
    String why =
        late && maxTime != null
            ? "the time of %s was up".formatted(Durations.format(maxTime))
            : "interrupted";
    return run.planned().stream()
        .map(planned ->
            GateCase.whole(
                planned.workload(),
                planned.parameters(),
                planned.engine(),
                planned.mode().toString(),
                Outcome.OPEN,
                "Inconclusive",
                why))
        .toList();
  }

  /** Refuses what a look at the plans could not tell, such as other amounts of work. */
  private static RecordedCases.Fresh compared(
      RecordedSide before, RunDocument run, Judgeable judgeable) {
    RecordedComparison comparison =
        RecordedComparison.of(
            before,
            RecordedSide.of("the fresh run", run),
            TrialRule.DEFAULT.alpha(),
            judgeable.tolerances());
    Differences.demandAlike(comparison, EnumSet.of(Kind.TOOL), REMEDY);
    return new RecordedCases.Fresh(run, comparison);
  }
}
