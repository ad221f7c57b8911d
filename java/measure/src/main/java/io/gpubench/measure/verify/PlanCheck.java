// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.Telemetry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether what was measured is what was planned, on the engines that were chosen. Used once, by one
 * thread.
 */
final class PlanCheck {
  private final RunDocument run;
  private final Map<String, Engine> engines;
  private final Findings findings;

  /**
   * Sets it up.
   *
   * @param engines by id, which judge what is said of them
   */
  PlanCheck(RunDocument run, Map<String, Engine> engines, Findings findings) {
    this.run = run;
    this.engines = engines;
    this.findings = findings;
  }

  void run() {
    run.planned().forEach(planned -> planned(planned, planned.id()));
    run.records().forEach(record -> record(record, record.id()));
    run.engines().forEach(engine -> engine(engine, "engine " + engine.id()));
  }

  private void planned(RunDocument.Planned planned, String place) {
    String expected =
        PlannedRun.id(planned.workload(), planned.engine(), planned.path(), planned.parameters());
    if (!planned.id().equals(expected) && !isSideOfDuet(planned.id(), expected)) {
      findings.add(
          Flaw.RECORD,
          place,
          "a run with these parameters has the id %s, not %s".formatted(expected, planned.id()));
    }
    RunDocument.Effort effort = planned.effort();
    if (effort != null && effort.repetitions() != run.conditions().repetitions()) {
      findings.add(
          Flaw.RECORD,
          place,
          "%d processes are planned for it, and conditions.repetitions is %d"
              .formatted(effort.repetitions(), run.conditions().repetitions()));
    }
    boolean there = run.records().stream().anyMatch(record -> record.id().equals(planned.id()));
    if (!there && run.status().equals(RunDocument.COMPLETE)) {
      findings.add(Flaw.RECORD, place, "the run is complete, and has no record of " + planned.id());
    }
  }

  /** Sides of a comparison have their letter in the id, before the hash. */
  private boolean isSideOfDuet(String id, String expected) {
    List<DuetComparison> duets = run.duets();
    int hash = expected.lastIndexOf('-');
    return duets != null
        && Stream.of("-a", "-b")
            .anyMatch(
                side -> id.equals(expected.substring(0, hash) + side + expected.substring(hash)));
  }

  private void record(ResultRecord record, String place) {
    RunDocument.Planned planned =
        run.planned().stream()
            .filter(other -> other.id().equals(record.id()))
            .findFirst()
            .orElse(null);
    if (planned == null) {
      findings.add(Flaw.RECORD, place, "no run " + record.id() + " was planned");
      return;
    }
    check(place, "workload", record.workload(), planned.workload());
    check(place, "engine", record.engine(), planned.engine());
    check(place, "path", record.path(), planned.path());
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
    repetitions(record, place);
    device(record, place);
  }

  private void repetitions(ResultRecord record, String place) {
    Set<Integer> seen = new HashSet<>();
    int previous = 0;
    for (ProcessPart part : record.processes()) {
      if (!seen.add(part.repetition())
          || part.repetition() <= previous
          || part.repetition() > record.repetitions()) {
        findings.add(
            Flaw.RECORD,
            place,
            "process %d comes after %d, of %d"
                .formatted(part.repetition(), previous, record.repetitions()));
      }
      previous = part.repetition();
    }
    boolean measured = Outcome.of(record.outcome(), record.reason()) instanceof Outcome.Measured;
    if (measured
        && run.status().equals(RunDocument.COMPLETE)
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
    if (engine == null) {
      return; // a program of its own, of which nothing is known
    }
    List<Telemetry> readings =
        run.records().stream()
            .filter(record -> record.engine().equals(choice.id()))
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

  private void check(String place, String name, Object said, Object planned) {
    if (!said.equals(planned)) {
      findings.add(
          Flaw.RECORD, place, "%s is %s, and planned was %s".formatted(name, said, planned));
    }
  }
}
