// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Doubts about whether the processes of a run came one after the other, and fit into its time. In a
 * suite one works at a time; in a duet two do, one for each record.
 */
final class SequenceDoubts {
  // Spans are rounded to the millisecond, and a process has five of them.
  private static final double ROUNDING_SECONDS = 0.003;
  private static final double SLACK = 0.01;
  private static final double SLACK_SECONDS = 0.1;

  private static final String MEASURED = new Outcome.Measured().word();

  private final RunDocument run;
  private final List<Finding> findings = new ArrayList<>();

  /** A process with its date. */
  private record Dated(String subject, Instant start, double seconds) {}

  private SequenceDoubts(RunDocument run) {
    this.run = run;
  }

  static List<Finding> of(RunDocument run) {
    var doubts = new SequenceDoubts(run);
    var all = new ArrayList<Dated>();
    for (ResultRecord record : run.records()) {
      List<Dated> ofRecord = dated(record);
      doubts.order(ofRecord);
      if (Spans.duet(run)) {
        doubts.overlap(ofRecord);
      }
      all.addAll(ofRecord);
    }
    if (!Spans.duet(run)) {
      doubts.overlap(all);
    }
    doubts.elapsed();
    return doubts.findings;
  }

  /** Those of which it is known when they began. */
  private static List<Dated> dated(ResultRecord record) {
    var dated = new ArrayList<Dated>();
    for (ProcessPart part : record.processes()) {
      // of one that was cut off the date is not known, and it stands in as the run's
      Instant start = part.pid() == 0 ? null : Spans.date(part.startedAt());
      if (start != null) {
        dated.add(new Dated(MeasuredProcess.subject(record, part), start, Spans.of(part)));
      }
    }
    return dated;
  }

  private void order(List<Dated> processes) {
    for (int i = 1; i < processes.size(); i++) {
      Dated before = processes.get(i - 1);
      Dated after = processes.get(i);
      if (after.start.plus(DateDoubts.CLOCK_SET).isBefore(before.start)) {
        findings.add(
            Finding.of(
                Flaw.BACKWARDS,
                after.subject,
                "it was started at %s, but %s, which came before it, at %s",
                after.start,
                before.subject,
                before.start));
      }
    }
  }

  private void overlap(List<Dated> processes) {
    List<Dated> inTime = new ArrayList<>(processes);
    inTime.sort(Comparator.comparing(Dated::start));
    for (int i = 1; i < inTime.size(); i++) {
      Dated before = inTime.get(i - 1);
      Dated after = inTime.get(i);
      Instant done = before.start.plusMillis((long) (1e3 * before.seconds * (1 - SLACK)));
      if (done.isAfter(after.start.plus(DateDoubts.CLOCK_SET))) {
        findings.add(
            Finding.of(
                Flaw.REDATED,
                after.subject,
                "it was started at %s, when %s, which was started at %s and worked for %.3f s, had not ended",
                after.start,
                before.subject,
                before.start,
                before.seconds));
      }
    }
  }

  private void elapsed() {
    Double elapsed = run.elapsedSeconds();
    if (elapsed == null || Spans.rescued(run)) {
      return;
    }
    double measuring = 0;
    double other = 0;
    double warming = 0;
    int processes = 0;
    boolean counts = false;
    for (ResultRecord record : run.records()) {
      counts |= record.outcome().equals(MEASURED) && !record.underSampled();
      for (ProcessPart part : record.processes()) {
        measuring += Spans.measuring(part);
        other += Spans.beforeMeasuring(part);
        warming += Spans.warming(part);
        processes++;
      }
    }
    // the two sides of a duet measure in the same time, each all of it, and workers start at a time
    boolean together =
        Spans.duet(run)
            && run.conditions().isolation().equals(Conditions.WORKERS)
            && run.conditions().coolDown() == null;
    double needed =
        (together ? warming + (other - warming) / 2 : other)
            + (Spans.duet(run) ? measuring / 2 : measuring);
    double slack = SLACK_SECONDS + SLACK * elapsed + ROUNDING_SECONDS * processes;
    if (needed > elapsed + slack) {
      findings.add(
          Finding.of(
              Flaw.OVERFULL,
              run.id(),
              "its %d processes took %.3f s, but only %.3f s have passed",
              processes,
              needed,
              elapsed));
    }
    if (counts && elapsed < RecordSummary.SHORTEST_SECONDS) {
      findings.add(
          Finding.of(
              Flaw.SHORT,
              run.id(),
              "the whole run took %.3f s, under %.3f s, and measured",
              elapsed,
              RecordSummary.SHORTEST_SECONDS));
    }
  }
}
