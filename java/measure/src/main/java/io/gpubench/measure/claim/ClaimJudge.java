// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.claim.ClaimVerdict.Inconclusive;
import io.gpubench.measure.claim.ClaimVerdict.NotTested;
import io.gpubench.measure.claim.ClaimVerdict.Refuted;
import io.gpubench.measure.claim.ClaimVerdict.Supported;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.stats.SignedRankInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a claim holds. Pure.
 *
 * <p>The process is the unit: of each fresh process counts one number, such as the 0.95 quantile of
 * its samples for a claim about it, and what is judged is the centre of these numbers, by the
 * signed-rank interval over the processes (see {@link SignedRankInterval}). A claim is supported or
 * refuted where the bound on the side in question is beyond the target, so one bound decides and
 * each errs with probability 1 - confidence at most, as far as processes are independent and their
 * numbers, on a logarithmic scale, symmetric. A point estimate decides nothing, and whatever is
 * missing leaves the claim open. Of a relative claim, the duet is the unit, and its ratio the
 * number.
 */
public final class ClaimJudge {
  /** What a record says of a slowdown that was put into the samples on purpose. */
  private static final String SLOWDOWN = "slowdown";

  private ClaimJudge() {}

  /**
   * Judges one case by all evidence of it.
   *
   * @return one judgement for each record of it, in the order of the evidence; where there is no
   *     record, a single one that says so
   */
  public static List<Judgement> judge(ClaimCase of, List<Evidence> evidence) {
    var judgements = new ArrayList<Judgement>();
    for (Evidence one : evidence) {
      if (of.baseline() == null) {
        if (one.run().duets() == null) {
          one.run().records().stream()
              .filter(of.own()::isOf)
              .forEach(measured -> judgements.add(absolute(of, one, measured)));
        }
      } else {
        Stream.ofNullable(one.run().duets())
            .flatMap(List::stream)
            .forEach(duets -> relative(of, of.baseline(), one, duets).ifPresent(judgements::add));
      }
    }
    return judgements.isEmpty()
        ? List.of(Judgement.notTested(of, Absence.of(of, evidence)))
        : judgements;
  }

  private static Judgement absolute(ClaimCase of, Evidence evidence, ResultRecord measured) {
    return judged(
        of,
        evidence,
        measured,
        Values.of(of.claim().metric(), measured),
        List.of(measured),
        outcome(measured));
  }

  /** Empty where these are other sides. */
  private static Optional<Judgement> relative(
      ClaimCase of, ClaimCase.Side baseline, Evidence evidence, DuetComparison duets) {
    ResultRecord a = record(evidence.run(), duets.a().record());
    ResultRecord b = record(evidence.run(), duets.b().record());
    if (a == null || b == null) {
      return Optional.empty();
    }
    boolean turned = of.own().isOf(a) && baseline.isOf(b);
    if (!turned && !(of.own().isOf(b) && baseline.isOf(a))) {
      return Optional.empty();
    }
    ResultRecord own = turned ? a : b;
    ResultRecord other = turned ? b : a;
    return Optional.of(
        judged(
            of,
            evidence,
            own,
            Values.of(of.claim().metric(), own, other, duets.played()),
            List.of(own, other),
            outcome(duets, own, other)));
  }

  /**
   * What follows from how a comparison went; null where nothing does. Its number of duets was fixed
   * before, and all of them have to count: whoever stops when enough of them look right has chosen
   * what they show.
   */
  private static @Nullable ClaimVerdict outcome(
      DuetComparison duets, ResultRecord own, ResultRecord other) {
    for (ResultRecord side : List.of(own, other)) {
      if (side.outcomeValue() instanceof Outcome.Incorrect) {
        return outcome(side);
      }
    }
    if (duets.trial() != null) {
      return new Inconclusive(
          "its duets were stopped by what they showed, and a claim needs a number of them that was"
              + " fixed before");
    }
    long counted = duets.played().stream().filter(one -> one.logRatios() != null).count();
    if (counted == duets.planned()) {
      return null;
    }
    String why =
        duets.played().stream()
            .map(DuetComparison.Played::reason)
            .filter(Objects::nonNull)
            .findFirst()
            .map(reason -> ": " + reason)
            .orElse("");
    String some = "%d of %d duets count%s".formatted(counted, duets.planned(), why);
    return counted == 0 ? new NotTested(some) : new Inconclusive(some);
  }

  private static @Nullable ResultRecord record(RunDocument run, String id) {
    return run.records().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
  }

  /**
   * The judgement of what was measured.
   *
   * @param own record of the claim's own side
   * @param records of all sides
   * @param outcome what already follows from what became of them; null for nothing
   */
  private static Judgement judged(
      ClaimCase of,
      Evidence evidence,
      ResultRecord own,
      Values values,
      List<ResultRecord> records,
      @Nullable ClaimVerdict outcome) {
    Claim claim = of.claim();
    boolean shares =
        !claim.target().relative() && claim.metric().kind().dimension() == Dimension.SHARE;
    SignedRankInterval interval =
        values.each().isEmpty() ? null : values.interval(claim.confidence(), shares);
    ClaimVerdict verdict = unfit(claim, evidence, own, records);
    if (verdict == null) {
      verdict = outcome;
    }
    if (verdict == null && values.missing() != null) {
      verdict = new NotTested(claim.metric().word() + " is missing: " + values.missing());
    }
    if (verdict == null) {
      verdict = doubt(claim, evidence, values, records);
    }
    return new Judgement(
        of,
        verdict == null ? decided(claim, Objects.requireNonNull(interval)) : verdict,
        interval == null ? null : (Double) interval.estimate(),
        interval == null ? null : interval.lower(),
        interval == null ? null : interval.upper(),
        values.each().size(),
        values.fewest(),
        evidence.name(),
        own.id());
  }

  /** Where it was measured on something else than the claim is about, or cannot be relied upon. */
  private static @Nullable ClaimVerdict unfit(
      Claim claim, Evidence evidence, ResultRecord own, List<ResultRecord> records) {
    if (evidence.flaw() != null) {
      return new NotTested("the evidence does not verify: " + evidence.flaw());
    }
    if (records.stream().anyMatch(ResultRecord::synthetic)) {
      return new NotTested(
          "synthetic: the device is simulated, and its times say nothing about the hardware");
    }
    if (evidence.run().conditions().faults() != null) {
      return new NotTested("faults were put into the device");
    }
    if (records.stream().anyMatch(one -> one.configuration().containsKey(SLOWDOWN))) {
      return new NotTested("a slowdown was put into the samples");
    }
    Hardware there = hardware(evidence.run(), own);
    if (there == null) {
      return new NotTested("it is not known on what the engine %s worked".formatted(own.engine()));
    }
    String lacking = claim.requires().lacking(there);
    if (lacking == null && claim.requires().kind() == Requirement.Kind.GPU) {
      lacking =
          records.stream()
              .map(one -> hardware(evidence.run(), one))
              .filter(one -> one != null && one.insteadOfGpu())
              .findFirst()
              .map(one ->
                  "it needs a GPU, and the engine %s, which can use one, worked on %s"
                      .formatted(one.engine(), one.text()))
              .orElse(null);
    }
    return lacking == null ? null : new NotTested(lacking);
  }

  /** What a record was measured on; two engines of one id have different devices. */
  private static @Nullable Hardware hardware(RunDocument run, ResultRecord record) {
    return run.engines().stream()
        .filter(engine ->
            engine.id().equals(record.engine()) && Objects.equals(engine.device(), record.device()))
        .findFirst()
        .or(() -> run.engine(record.engine()))
        .map(engine -> Hardware.of(run, engine))
        .orElse(null);
  }

  /** What follows from how a record ended; null where nothing does. */
  private static @Nullable ClaimVerdict outcome(ResultRecord measured) {
    return switch (measured.outcomeValue()) {
      case Outcome.Measured _ -> null;
      case Outcome.Incorrect(String why) -> new NotTested("the answer is incorrect: " + why);
      case Outcome.Skipped(String why) -> new NotTested("skipped: " + why);
      case Outcome.Rejected(String why) -> new Inconclusive("rejected: " + why);
      case Outcome.Failed(String why) ->
          measured.statistics() == null
              ? new NotTested("failed: " + why)
              : new Inconclusive("a process failed: " + why);
    };
  }

  /** Why what was measured does not tell; null where it may. */
  private static @Nullable ClaimVerdict doubt(
      Claim claim, Evidence evidence, Values values, List<ResultRecord> records) {
    var why = new ArrayList<String>();
    List<String> overridden = evidence.run().conditions().overridden();
    if (!overridden.isEmpty()) {
      why.add("measured anyway: " + String.join("; ", overridden));
    }
    String throttled = throttled(records);
    if (throttled != null) {
      why.add(throttled);
    }
    String unit = claim.target().relative() ? "duets" : "processes";
    if (values.fewest() < claim.fewestSamples()) {
      why.add(
          "under-sampled: a process has %,d %s, and the claim needs %,d"
              .formatted(
                  values.fewest(),
                  claim.metric().kind() == Metric.Kind.TIME_BUSY ? "readings" : "samples",
                  claim.fewestSamples()));
    } else if (!claim.target().relative()) {
      records.stream()
          .filter(ResultRecord::underSampled)
          .findFirst()
          .ifPresent(one ->
              why.add(
                  "under-sampled: "
                      + Objects.requireNonNullElse(one.underSampledWhy(), "see the record")));
    }
    int processes = values.each().size();
    if (processes < claim.fewestProcesses()) {
      int bound = Claim.fewestProcesses(claim.confidence());
      why.add(
          "%d %s, and %s"
              .formatted(
                  processes,
                  processes == 1
                      ? unit.substring(0, unit.length() - (unit.equals("duets") ? 1 : 2))
                      : unit,
                  processes < bound
                      ? "a bound at confidence %s needs %d".formatted(claim.confidence(), bound)
                      : "the claim asks for %d".formatted(claim.fewestProcesses())));
    }
    return why.isEmpty() ? null : new Inconclusive(String.join("; ", why));
  }

  /** Why samples are those of a device that was slowed down; null where they are not. */
  private static @Nullable String throttled(List<ResultRecord> records) {
    long kept = 0;
    for (ResultRecord one : records) {
      for (ProcessPart process : one.processes()) {
        Throttling throttling = process.throttling();
        kept += throttling == null ? 0 : throttling.throttledSamples();
      }
    }
    if (kept == 0) {
      return null;
    }
    String reasons =
        records.stream()
            .flatMap(one -> one.throttledBy().stream())
            .filter(Throttling.SLOWDOWNS::contains)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return "throttled: %,d samples were taken while the device was slowed down%s"
        .formatted(kept, reasons.isEmpty() ? "" : " (" + reasons + ")");
  }

  private static ClaimVerdict decided(Claim claim, SignedRankInterval interval) {
    Double lower = interval.lower();
    Double upper = interval.upper();
    if (lower == null || upper == null) {
      return new Inconclusive(
          "no bound at confidence %s of so few values".formatted(claim.confidence()));
    }
    if (claim.target().keptBy(lower, upper)) {
      return new Supported();
    }
    return claim.target().brokenBy(lower, upper)
        ? new Refuted()
        : new Inconclusive("the target lies between the bounds; more processes narrow them");
  }
}
