// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.telemetry.Column;
import io.gpubench.measure.telemetry.Conclusions;
import io.gpubench.measure.telemetry.Polls;
import io.gpubench.measure.telemetry.SampleTimes;
import io.gpubench.measure.telemetry.TelemetryFile;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Derives what is said of the sensors beside one process anew, from the file with their readings
 * and the samples, and compares it with what {@code run.json} says.
 */
final class TelemetryCheck {
  /** Clocks of two processes, and what comes before the first sample and after the last. */
  private static final double SLACK_SECONDS = 5;

  private static final double LATE = 1.05;
  private static final String MEASURED = new Outcome.Measured().word();

  private TelemetryCheck() {}

  /**
   * Checks it.
   *
   * @param stated the process as it was written
   * @param raw its samples; null where there are none
   */
  static void of(
      RunDocument run,
      ResultRecord record,
      ProcessPart part,
      JsonNode stated,
      @Nullable RawSamples raw,
      SealedFiles files,
      Findings findings) {
    TelemetryPart said = part.telemetry();
    if (said == null) {
      return;
    }
    String subject = MeasuredProcess.subject(record, part);
    String name = RunWriter.telemetryName(record.id(), part.repetition());
    if (!said.file().equals(name)) {
      findings.add(
          Flaw.TELEMETRY,
          subject,
          "what its sensors said is said to be in %s, not in %s".formatted(said.file(), name));
      return;
    }
    List<Column> columns = said.columns();
    Polls polls;
    try {
      polls =
          files.read(
              name,
              (file, in) ->
                  TelemetryFile.read(
                      file, in, columns.stream().map(column -> column.sensor().id()).toList()));
    } catch (ResultFormatException e) {
      findings.add(Flaw.TELEMETRY, name, String.valueOf(e.getMessage()));
      return;
    }
    if (polls == null) {
      return;
    }
    if (raw == null && part.samples() != null) {
      return; // that they cannot be read was found
    }
    Conclusions.discreditFrozen(columns, polls);
    ResultRecord.WorkPart work = record.work();
    TelemetryPart derived =
        Conclusions.of(
            name,
            columns,
            polls,
            raw == null ? SampleTimes.NONE : new SampleTimes(raw.starts(), raw.durations()),
            work == null || !part.outcome().equals(MEASURED)
                ? null
                : new Conclusions.Work(work.unit(), work.units()),
            Spans.duet(run));
    List<TreeDifference> differences =
        TreeDifference.between(stated.path("telemetry"), RunJson.tree(derived));
    if (!differences.isEmpty()) {
      findings.add(
          Flaw.TELEMETRY,
          subject,
          differences.getFirst().text("telemetry")
              + (differences.size() == 1
                  ? ""
                  : "; so it is with %d more values".formatted(differences.size() - 1)));
    }
    if (!Spans.duet(run)) { // whose sides wait for each other
      span(part, polls, name, findings);
    }
  }

  /** Nobody is asked for longer than the process was there. */
  private static void span(ProcessPart part, Polls polls, String name, Findings findings) {
    if (polls.count() == 0) {
      return;
    }
    double asked = (polls.atNanos(polls.count() - 1) - polls.atNanos(0)) / 1e9;
    double there =
        part.prepareSeconds()
            + (part.warmup() == null ? 0 : part.warmup().seconds())
            + part.measureSeconds();
    if (part.stop() != null && asked > LATE * there + SLACK_SECONDS) {
      findings.add(
          Flaw.TELEMETRY,
          name,
          String.format(
              Locale.ROOT,
              "its sensors were asked for %.1f s, and it was there for %.1f s",
              asked,
              there));
    }
  }
}
