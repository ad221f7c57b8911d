// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.stats.Statistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes sense of what a killed process has left on the disk. */
final class CutOffRun {
  private CutOffRun() {}

  /** The document with the samples of the process that was being sampled when the end came. */
  static RunDocument completed(RunDocument document, Path directory) {
    RunDocument whole = document;
    for (RunDocument.Planned planned : document.planned()) {
      ResultRecord known =
          document.records().stream()
              .filter(record -> record.id().equals(planned.id()))
              .findFirst()
              .orElse(null);
      var parts = new ArrayList<>(known == null ? List.of() : known.processes());
      int ended = parts.size();
      for (int repetition = last(parts) + 1; ; repetition++) {
        Path samples = directory.resolve(RunWriter.samplesName(planned.id(), repetition));
        if (!Files.exists(samples)) {
          break;
        }
        parts.add(part(document, planned.id(), repetition, SampleReader.read(samples).durations()));
      }
      if (parts.size() > ended) {
        whole = whole.withRecord(record(document, planned, known, parts));
      }
    }
    return whole;
  }

  private static int last(List<ProcessPart> parts) {
    return parts.isEmpty() ? 0 : parts.getLast().repetition();
  }

  private static ResultRecord record(
      RunDocument document,
      RunDocument.Planned planned,
      @Nullable ResultRecord known,
      List<ProcessPart> parts) {
    RunDocument.Effort effort = planned.effort();
    int repetitions = document.conditions().repetitions();
    RecordSummary summary =
        RecordSummary.of(
            parts,
            repetitions,
            effort == null ? 1 : effort.stoppingRule().minSamples(),
            known == null ? null : known.work(),
            known == null ? null : known.amounts());
    var engine = document.engine(planned.engine());
    return new ResultRecord(
        planned.id(),
        planned.workload(),
        planned.engine(),
        planned.path(),
        planned.parameters(),
        summary.outcome(),
        summary.reason(),
        engine.map(RunDocument.EngineChoice::device).orElse(null),
        engine.map(RunDocument.EngineChoice::synthetic).orElse(false),
        known == null ? planned.mode().clock().word() : known.clock(),
        "ns",
        repetitions,
        summary.sampleCount(),
        summary.underSampled(),
        summary.statistics(),
        summary.variation(),
        known == null ? null : known.work(),
        summary.throughput(),
        known == null ? Map.of() : known.verification(),
        known == null ? Map.of() : known.configuration(),
        known == null ? null : known.histogram(),
        List.copyOf(parts),
        known == null ? planned.cache() : known.cache(),
        known == null ? null : known.pieces(),
        known == null ? null : known.demands(),
        summary.paired(),
        effort == null ? null : Shortfall.of(parts, repetitions, effort.stoppingRule()),
        null,
        known == null ? null : known.amounts(),
        summary.rates());
  }

  private static ProcessPart part(
      RunDocument document, String id, int repetition, long[] durations) {
    var outcome =
        new Outcome.Failed(
            "the process ended before this run did; "
                + durations.length
                + " samples reached the disk");
    return new ProcessPart(
        repetition,
        0,
        document.startedAt(),
        outcome.word(),
        outcome.reasonText(),
        null,
        0,
        0,
        0,
        null,
        null,
        0,
        null,
        0,
        durations.length,
        Map.of(),
        durations.length == 0 ? null : Statistics.of(durations),
        null,
        null,
        null,
        RunWriter.samplesName(id, repetition),
        null,
        null,
        null,
        null);
  }
}
