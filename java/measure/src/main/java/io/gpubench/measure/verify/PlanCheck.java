// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was measured is what was planned, on the engines that were chosen. Used once, by one
 * thread.
 */
final class PlanCheck {

  private final RunDocument run;
  private final Map<String, Engine> engines;
  private final Map<String, Workload> workloads;
  private final Findings findings;
  private final Map<String, RunDocument.Planned> planned = new HashMap<>();
  private final Set<String> recorded = new HashSet<>();

  /**
   * Sets it up.
   *
   * @param engines by id, which judge what is said of them
   * @param workloads by id
   */
  PlanCheck(
      RunDocument run,
      Map<String, Engine> engines,
      Map<String, Workload> workloads,
      Findings findings) {
    this.run = run;
    this.engines = engines;
    this.workloads = workloads;
    this.findings = findings;
    run.planned().forEach(one -> planned.putIfAbsent(one.id(), one));
    run.records().forEach(record -> recorded.add(record.id()));
  }

  void run() {
    run.planned().forEach(planned -> planned(planned, planned.id()));
    run.records().forEach(record -> record(record, record.id()));
    run.engines().forEach(engine -> engine(engine, "engine " + engine.id()));
  }

  /** What was planned for a record; null where that is not known. */
  RunDocument.@Nullable Effort effort(ResultRecord record) {
    RunDocument.Planned one = planned.get(record.id());
    return one == null ? null : one.effort();
  }

  /** What is sealed has ended, and not by a failure of its store. */
  void status() {
    boolean complete = run.status().equals(RunDocument.COMPLETE);
    if (!complete && !run.status().equals(RunDocument.INTERRUPTED)) {
      findings.add(
          Flaw.RECORD,
          run.id(),
          "its status is %s; such a run is not sealed".formatted(run.status()));
    } else if (run.endedAt() == null || run.elapsedSeconds() == null) {
      findings.add(
          Flaw.REDATED,
          run.id(),
          "it is %s, and when it ended is not said".formatted(run.status()));
    } else if (complete != (run.statusReason() == null)) {
      findings.add(
          Flaw.RECORD, run.id(), "it is %s: %s".formatted(run.status(), run.statusReason()));
    }
  }

  private void planned(RunDocument.Planned planned, String place) {
    String expected =
        PlannedRun.id(planned.workload(), planned.engine(), planned.mode(), planned.parameters());
    if (!planned.id().equals(expected) && !isSideOfDuet(planned.id(), expected)) {
      findings.add(
          Flaw.RECORD,
          place,
          "a run with these parameters has the id %s, not %s".formatted(expected, planned.id()));
    }
    if (!planned.id().equals(expected)
        && run.status().equals(RunDocument.COMPLETE)
        && !isCompared(planned.id())) {
      findings.add(Flaw.RECORD, place, "it is a side of duets, and no comparison names it");
    }
    RunDocument.Effort effort = planned.effort();
    if (effort == null) {
      findings.add(Flaw.RECORD, place, "it does not say how thoroughly it was to be measured");
    } else if (effort.repetitions() != run.conditions().repetitions()) {
      findings.add(
          Flaw.RECORD,
          place,
          "%d processes are planned for it, and conditions.repetitions is %d"
              .formatted(effort.repetitions(), run.conditions().repetitions()));
    }
    if (!recorded.contains(planned.id()) && run.status().equals(RunDocument.COMPLETE)) {
      findings.add(Flaw.RECORD, place, "the run is complete, and has no record of " + planned.id());
    }
  }

  /** Sides of a comparison have their letter in the id, before the hash. */
  private boolean isSideOfDuet(String id, String expected) {
    int hash = expected.lastIndexOf('-');
    return Spans.duet(run)
        && Stream.of("-a", "-b")
            .anyMatch(
                side -> id.equals(expected.substring(0, hash) + side + expected.substring(hash)));
  }

  private boolean isCompared(String id) {
    return comparisons(id).findAny().isPresent();
  }

  private Stream<DuetComparison> comparisons(String id) {
    List<DuetComparison> duets = run.duets();
    return (duets == null ? List.<DuetComparison>of() : duets)
        .stream()
            .filter(comparison ->
                id.equals(comparison.a().record()) || id.equals(comparison.b().record()));
  }

  /** The comparison of a record that was made until it was decided; null where there is none. */
  private @Nullable DuetComparison trial(String id) {
    return comparisons(id)
        .filter(comparison -> comparison.trial() != null)
        .findFirst()
        .orElse(null);
  }

  private static boolean ended(DuetComparison comparison, String how) {
    return comparison.trial() != null && how.equals(comparison.trial().ended());
  }

  private void record(ResultRecord record, String place) {
    RunDocument.Planned planned = this.planned.get(record.id());
    if (planned == null) {
      findings.add(Flaw.RECORD, place, "no run " + record.id() + " was planned");
      return;
    }
    check(place, "workload", record.workload(), planned.workload());
    check(place, "engine", record.engine(), planned.engine());
    check(place, "path", record.path(), planned.path());
    check(place, "cache", word(record.cache(), "hot"), word(planned.cache(), "hot"));
    if (planned.clock() != null) {
      check(place, "clock", record.clock(), planned.clock());
    }
    check(place, "parameters", record.parameters(), planned.parameters());
    RunDocument.Effort effort = planned.effort();
    if (effort != null) {
      check(place, "repetitions", record.repetitions(), effort.repetitions());
    }
    if (record.work() != null && record.throughput() != null) {
      String expected = record.work().unit() + "/s";
      if (!record.throughput().unit().equals(expected)) {
        findings.add(
            Flaw.UNITS,
            place,
            "the unit of throughput is %s, and of %s it is %s"
                .formatted(record.throughput().unit(), record.work().unit(), expected));
      }
    }
    Workload workload = workloads.get(record.workload());
    if (workload != null
        && record.work() != null
        && !record.work().unit().equals(workload.unitOfWork())) {
      findings.add(
          Flaw.UNITS,
          place,
          "the unit of its work is %s, and that of %s is %s"
              .formatted(record.work().unit(), workload.id(), workload.unitOfWork()));
    }
    amounts(record, workload, place);
    Engine engine = engines.get(record.engine());
    if (engine != null
        && !engine.paths(record.workload()).isEmpty() // else it took a plugin
        && engine.clocks(record.workload(), record.path()).stream()
            .noneMatch(clock -> clock.word().equals(record.clock()))) {
      findings.add(
          Flaw.RECORD,
          place,
          "%s on %s is timed by no clock called '%s'"
              .formatted(record.workload(), engine.id(), record.clock()));
    }
    repetitions(record, place);
    device(record, place);
    new SlowdownCheck(run, findings).check(record, place);
  }

  /** Whether what a sample is said to do can be, as far as its workload can tell. */
  private void amounts(ResultRecord record, @Nullable Workload workload, String place) {
    ResultRecord.WorkPart work = record.work();
    if (workload == null || work == null || !(record.outcomeValue() instanceof Outcome.Measured)) {
      return;
    }
    String why;
    try {
      var values = new LinkedHashMap<String, Object>();
      for (Parameter parameter : workload.parameters()) {
        Object value = record.parameters().get(parameter.name());
        values.put(parameter.name(), parameter.parse(String.valueOf(value)));
      }
      why =
          Doubts.ofAmounts(
              workload,
              new ParameterValues(values),
              new PreparedRun.Work(work.units(), work.bytes(), work.operations()),
              record.amounts() == null ? Map.of() : record.amounts(),
              record.piecesOfSample());
      if (why == null) {
        why = workload.contradiction(new ParameterValues(values), record.configuration());
      }
    } catch (ConfigException _) {
      return; // a version with other parameters or ranges has measured it
    }
    if (why != null) {
      findings.add(Flaw.RECORD, place, why);
    }
  }

  private void repetitions(ResultRecord record, String place) {
    Set<Integer> seen = new HashSet<>();
    int previous = 0;
    DuetComparison trial = trial(record.id());
    int most = trial == null ? record.repetitions() : trial.played().size();
    for (ProcessPart part : record.processes()) {
      if (!seen.add(part.repetition())
          || part.repetition() <= previous
          || part.repetition() > most) {
        findings.add(
            Flaw.RECORD,
            place,
            "process %d comes after %d, of %d".formatted(part.repetition(), previous, most));
      }
      previous = part.repetition();
      if (part.pid() == run.pid() && run.conditions().isolation().equals(Conditions.WORKERS)) {
        findings.add(
            Flaw.RECORD,
            place,
            "process %d has the number of gpubench's own, and is said to be a worker"
                .formatted(part.repetition()));
      }
    }
    boolean measured = Outcome.of(record.outcome(), record.reason()) instanceof Outcome.Measured;
    if (measured
        && run.status().equals(RunDocument.COMPLETE)
        && (trial == null || ended(trial, DuetComparison.Trial.DECIDED))
        && record.processes().size() < record.repetitions()) {
      findings.add(
          Flaw.RECORD,
          place,
          "%d of %d processes are there, and none has failed"
              .formatted(record.processes().size(), record.repetitions()));
    }
  }

  private void device(ResultRecord record, String place) {
    List<RunDocument.EngineChoice> chosen =
        run.engines().stream().filter(engine -> engine.id().equals(record.engine())).toList();
    if (chosen.isEmpty()) {
      findings.add(Flaw.RECORD, place, "no engine " + record.engine() + " was chosen");
      return;
    }
    boolean opened = record.processes().stream().anyMatch(part -> part.statistics() != null);
    if (!opened) {
      return; // what it was on is not known to the record
    }
    if (chosen.stream().noneMatch(one -> Objects.equals(one.device(), record.device()))) {
      findings.add(
          Flaw.DEVICE,
          place,
          "its device is %s, and the engine's %s"
              .formatted(record.device(), chosen.getFirst().device()));
    }
    if (chosen.stream().noneMatch(one -> one.synthetic() == record.synthetic())) {
      findings.add(
          Flaw.SYNTHETIC,
          place,
          "synthetic is %s, and the engine's %s"
              .formatted(record.synthetic(), chosen.getFirst().synthetic()));
    }
  }

  private void engine(RunDocument.EngineChoice choice, String place) {
    Engine engine = engines.get(choice.id());
    long same = run.engines().stream().filter(one -> one.id().equals(choice.id())).count();
    if (same > 1 && !Spans.duet(run)) {
      findings.add(Flaw.RECORD, place, "it was chosen %d times".formatted(same));
    }
    if (run.conditions().faults() != null && !choice.synthetic()) {
      findings.add(
          Flaw.SYNTHETIC,
          place,
          "only a simulated device can have faults, and it is said to be none");
    }
    if (engine == null) {
      return; // of a program of its own, or of a newer gpubench, nothing is known
    }
    if (choice.command() != null) {
      findings.add(
          Flaw.RECORD, place, "it is one of gpubench's own, and has the command of another");
    }
    List<Telemetry> readings =
        run.records().stream()
            .filter(record -> record.engine().equals(choice.id()))
            .filter(record -> Objects.equals(record.device(), choice.device()))
            .flatMap(record -> record.processes().stream())
            .flatMap(part -> Stream.of(part.telemetryBefore(), part.telemetryAfter()))
            .flatMap(Stream::ofNullable)
            .toList();
    var evidence =
        new EngineEvidence(
            choice.device(),
            choice.deviceAsked(),
            choice.synthetic(),
            choice.operationsPerSecond(),
            choice.bounds() == null ? Map.of() : choice.bounds(),
            choice.description(),
            readings);
    for (EngineEvidence.Contradiction one : engine.contradictions(evidence)) {
      Flaw flaw =
          switch (one.kind()) {
            case DEVICE -> Flaw.DEVICE;
            case SYNTHETIC -> Flaw.SYNTHETIC;
            case TELEMETRY -> Flaw.TELEMETRY;
          };
      findings.add(flaw, place, one.message());
    }
  }

  private static String word(@Nullable String said, String otherwise) {
    return said == null ? otherwise : said;
  }

  private void check(String place, String name, Object said, Object planned) {
    if (!said.equals(planned)) {
      findings.add(
          Flaw.RECORD, place, "%s is %s, and planned was %s".formatted(name, said, planned));
    }
  }
}
