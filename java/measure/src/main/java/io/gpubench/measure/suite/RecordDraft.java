// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.result.Shortfall;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.telemetry.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A record that grows with each process that measures its planned run. */
final class RecordDraft {
  private final PlannedRun planned;
  private final List<ProcessPart> parts = new ArrayList<>();
  private long askedAgain;
  private Measurer.@Nullable Facts facts;
  private Measurer.@Nullable Prepared prepared;

  RecordDraft(PlannedRun planned) {
    this.planned = planned;
  }

  /**
   * Adds what a process measured.
   *
   * @param recorded what its sensors said; null where that was not recorded
   */
  void add(PartDraft part, @Nullable Recorded recorded) {
    String different =
        prepared == null || part.prepared() == null ? null : different(part.prepared(), prepared);
    if (different != null) {
      part.end(new Outcome.Rejected(different + ": they do not compare"));
    }
    parts.add(part.build(recorded));
    askedAgain += part.askedAgain();
    if (part.facts() != null) {
      facts = part.facts();
    }
    if (part.prepared() != null) {
      prepared = part.prepared();
    }
  }

  /** What a sample of a process does and one of the process before does not; null for nothing. */
  private static @Nullable String different(Measurer.Prepared now, Measurer.Prepared before) {
    if (now.pieces() != before.pieces()) {
      return String.format(
          Locale.ROOT,
          "a batch has %,d pieces, and in the process before it had %,d",
          now.pieces(),
          before.pieces());
    }
    return now.amounts().equals(before.amounts())
        ? null
        : "a sample does %s, and in the process before it did %s"
            .formatted(words(now.amounts()), words(before.amounts()));
  }

  private static String words(Map<String, Double> amounts) {
    return amounts.isEmpty()
        ? "nothing but its work"
        : amounts.entrySet().stream()
            .map(amount -> amount.getValue() + " " + amount.getKey())
            .collect(Collectors.joining(", "));
  }

  /**
   * Whether another repetition would be in vain: an answer was wrong, a process failed, or the
   * engine has not what the run asks for.
   */
  boolean hopeless() {
    return parts.stream()
        .map(part -> Outcome.of(part.outcome(), part.reason()))
        .anyMatch(outcome ->
            outcome instanceof Outcome.Incorrect
                || outcome instanceof Outcome.Failed
                || outcome instanceof Outcome.Skipped);
  }

  /** The record as it stands. */
  ResultRecord build() {
    PreparedRun.Work done = prepared == null ? null : prepared.work();
    ResultRecord.WorkPart work = done == null ? null : workPart(done);
    Map<String, Double> amounts =
        prepared == null || prepared.amounts().isEmpty() ? null : prepared.amounts();
    RecordSummary summary =
        RecordSummary.of(
            parts, planned.repetitions(), planned.stoppingRule().minSamples(), work, amounts);
    return new ResultRecord(
        planned.id(),
        planned.workload().id(),
        planned.engine(),
        planned.path(),
        planned.values().asMap(),
        summary.outcome(),
        summary.reason(),
        facts == null ? null : facts.device(),
        facts != null && facts.synthetic(),
        prepared == null ? planned.mode().clock().word() : prepared.clock().word(),
        "ns",
        planned.repetitions(),
        summary.sampleCount(),
        summary.underSampled(),
        summary.statistics(),
        summary.variation(),
        work,
        summary.throughput(),
        verification(!(Outcome.of(summary.outcome(), "") instanceof Outcome.Incorrect)),
        prepared == null ? Map.of() : prepared.configuration(),
        summary.statistics() == null ? null : RunWriter.histogramName(planned.id()),
        List.copyOf(parts),
        planned.mode().cache() == Mode.Cache.HOT ? null : planned.mode().cache().word(),
        prepared == null || prepared.pieces() == 1 ? null : (Integer) prepared.pieces(),
        prepared == null || prepared.demands().isEmpty() ? null : prepared.demands(),
        summary.paired(),
        Shortfall.of(parts, planned.repetitions(), planned.stoppingRule()),
        null,
        amounts,
        summary.rates());
  }

  private Map<String, Object> verification(boolean right) {
    if (prepared == null) {
      return Map.of();
    }
    var verification = new LinkedHashMap<>(prepared.verification());
    verification.put("answersRight", parts.stream().mapToLong(ProcessPart::answersRight).sum());
    verification.put("answersAskedAgain", askedAgain);
    verification.put("answersWrong", right ? 0 : 1);
    return verification;
  }

  private ResultRecord.WorkPart workPart(PreparedRun.Work done) {
    return new ResultRecord.WorkPart(
        planned.workload().unitOfWork(), done.units(), done.bytes(), done.operations());
  }
}
