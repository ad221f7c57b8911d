// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record that grows with each process that measures its planned run. */
final class RecordDraft {
  private static final String MEASURED = new Outcome.Measured().word();

  private final PlannedRun planned;
  private final List<ProcessPart> parts = new ArrayList<>();
  private Measurer.@Nullable Facts facts;
  private Measurer.@Nullable Prepared prepared;

  RecordDraft(PlannedRun planned) {
    this.planned = planned;
  }

  /** Adds what a process measured. */
  void add(PartDraft part) {
    parts.add(part.build());
    if (part.facts() != null) {
      facts = part.facts();
    }
    if (part.prepared() != null) {
      prepared = part.prepared();
    }
  }

  /** Whether another repetition would be in vain: an answer was wrong, or a process failed. */
  boolean hopeless() {
    return parts.stream()
        .map(part -> Outcome.of(part.outcome(), part.reason()))
        .anyMatch(
            outcome -> outcome instanceof Outcome.Incorrect || outcome instanceof Outcome.Failed);
  }

  /** The record as it stands. */
  ResultRecord build() {
    ProcessPart worst =
        parts.stream()
            .max(Comparator.comparingInt(part -> weight(part.outcome())))
            .orElseThrow(() -> new IllegalStateException("no process has measured"));
    boolean right = !(Outcome.of(worst.outcome(), "") instanceof Outcome.Incorrect);
    List<ProcessPart> measured =
        parts.stream().filter(part -> right && part.statistics() != null).toList();
    List<Statistics> each =
        measured.stream().map(part -> Objects.requireNonNull(part.statistics())).toList();
    long complete = parts.stream().filter(part -> part.outcome().equals(MEASURED)).count();
    long fewest = measured.stream().mapToLong(ProcessPart::sampleCount).min().orElse(0);
    Statistics statistics = each.isEmpty() ? null : Statistics.ofProcesses(each, fewest);
    PreparedRun.Work work = prepared == null ? null : prepared.work();
    return new ResultRecord(
        planned.id(),
        planned.workload().id(),
        planned.engine(),
        planned.path(),
        planned.values().asMap(),
        worst.outcome(),
        worst.reason(),
        facts == null ? null : facts.device(),
        facts != null && facts.synthetic(),
        prepared == null ? "host" : prepared.clock().name().toLowerCase(Locale.ROOT),
        "ns",
        planned.repetitions(),
        measured.stream().mapToLong(ProcessPart::sampleCount).sum(),
        complete < planned.repetitions() || fewest < planned.stoppingRule().minSamples(),
        statistics,
        each.isEmpty() ? null : Variation.of(each),
        work == null ? null : workPart(work),
        work == null || statistics == null ? null : throughput(work, statistics),
        verification(right),
        prepared == null ? Map.of() : prepared.configuration(),
        each.isEmpty() ? null : RunWriter.histogramName(planned.id()),
        List.copyOf(parts));
  }

  private static int weight(String outcome) {
    return switch (Outcome.of(outcome, "")) {
      case Outcome.Measured _ -> 0;
      case Outcome.Skipped _ -> 1;
      case Outcome.Rejected _ -> 2;
      case Outcome.Failed _ -> 3;
      case Outcome.Incorrect _ -> 4;
    };
  }

  private Map<String, Object> verification(boolean right) {
    if (prepared == null) {
      return Map.of();
    }
    var verification = new LinkedHashMap<>(prepared.verification());
    verification.put("answersRight", parts.stream().mapToLong(ProcessPart::answersRight).sum());
    verification.put("answersWrong", right ? 0 : 1);
    return verification;
  }

  private ResultRecord.WorkPart workPart(PreparedRun.Work done) {
    return new ResultRecord.WorkPart(
        planned.workload().unitOfWork(), done.units(), done.bytes(), done.operations());
  }

  private ResultRecord.Throughput throughput(PreparedRun.Work done, Statistics times) {
    var interval = times.intervals().median();
    return new ResultRecord.Throughput(
        planned.workload().unitOfWork() + "/s",
        perSecond(done, times.median()),
        interval.upper() == null ? null : perSecond(done, interval.upper()),
        interval.lower() == null ? null : perSecond(done, interval.lower()));
  }

  private static double perSecond(PreparedRun.Work done, double nanos) {
    return done.units() / (nanos / 1e9);
  }
}
