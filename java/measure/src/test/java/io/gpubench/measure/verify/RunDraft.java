// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The document of a run, of which everything can be changed; honest until then. */
final class RunDraft {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  String id = "20261121T035622Z-default-96054e";
  String status = RunDocument.COMPLETE;
  String suite = "default";
  String startedAt = "2026-11-21T03:56:22.125Z";
  @Nullable String endedAt = "2026-11-21T03:56:37.300Z";
  @Nullable Double elapsedSeconds = 15.1;
  @Nullable String sealedAt = "2026-11-21T03:56:37.310Z";
  @Nullable String device;
  @Nullable List<String> command;
  Map<String, Object> description = Map.of("threads", 2);
  @Nullable Integer threads = 2;
  double[] operations = {1_000, 1_000};
  @Nullable List<DuetComparison> duets;
  final List<List<Part>> records = new ArrayList<>();

  /** A process. */
  static final class Part {
    String startedAt;
    long pid = 4711;
    double startSeconds = 0.2;
    double prepareSeconds = 0.8;
    double warmupSeconds = 0.5;
    double measureSeconds = 2;
    @Nullable Statistics statistics;
    @Nullable Telemetry before = new Telemetry(41.0, null, 1_500.0, null);
    @Nullable Telemetry after = new Telemetry(44.0, null, 1_700.0, null);

    Part(String startedAt, long seed) {
      this.startedAt = startedAt;
      var random = new Random(seed);
      this.statistics = Statistics.of(random.longs(200, 10_000, 30_000).toArray());
    }
  }

  /** Two records of two processes, which took turns. */
  static RunDraft suite() {
    var draft = new RunDraft();
    draft.records.add(
        List.of(new Part("2026-11-21T03:56:22.200Z", 1), new Part("2026-11-21T03:56:33.500Z", 2)));
    draft.records.add(
        List.of(new Part("2026-11-21T03:56:25.900Z", 3), new Part("2026-11-21T03:56:29.600Z", 4)));
    return draft;
  }

  /** Two sides of two duets. */
  static RunDraft duet() {
    RunDraft draft = suite();
    draft.suite = "duet";
    draft.id = "20261121T035622Z-duet-96054e";
    draft.duets = List.of();
    draft.records.get(0).get(1).startedAt = "2026-11-21T03:56:29.200Z";
    draft.records.get(1).get(0).startedAt = "2026-11-21T03:56:23.200Z";
    draft.records.get(1).get(1).startedAt = "2026-11-21T03:56:30.200Z";
    return draft;
  }

  Part part(int record, int process) {
    return records.get(record).get(process);
  }

  List<Finding> findings() {
    return DocumentDoubts.of(document(), sealedAt, NOW);
  }

  RunDocument document() {
    var all = new ArrayList<ResultRecord>();
    for (int i = 0; i < records.size(); i++) {
      all.add(record("r" + i, records.get(i), operations[i]));
    }
    return new RunDocument(
        RunDocument.SCHEMA,
        id,
        status,
        null,
        1,
        suite,
        "quick",
        startedAt,
        endedAt,
        elapsedSeconds,
        60,
        new RunDocument.Tool("gpubench", "0.1.0", "unknown", false),
        List.of("run"),
        List.of(
            new RunDocument.EngineChoice(
                "e", "auto", "why", device, false, description, command, threads, null, null)),
        new Conditions(
            Conditions.WORKERS, 2, 7L, null, null, List.of(), List.of(), null, null, null),
        Map.of(),
        List.of(),
        all,
        duets,
        null);
  }

  private ResultRecord record(String name, List<Part> drafts, double work) {
    var parts = new ArrayList<ProcessPart>();
    for (Part draft : drafts) {
      parts.add(part(name, parts.size() + 1, draft));
    }
    List<Statistics> each =
        drafts.stream().map(part -> part.statistics).filter(Objects::nonNull).toList();
    return new ResultRecord(
        name,
        "consensus",
        "e",
        "call",
        Map.of(),
        "Measured",
        null,
        device,
        false,
        "host",
        "ns",
        parts.size(),
        400,
        false,
        Statistics.ofProcesses(each, 200),
        Variation.of(each),
        new ResultRecord.WorkPart("messages", 4, 128, work),
        new ResultRecord.Throughput("messages/s", 1e6, 0.9e6, 1.1e6),
        Map.of(),
        Map.of(),
        null,
        parts,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static ProcessPart part(String name, int repetition, Part draft) {
    return new ProcessPart(
        repetition,
        draft.pid,
        draft.startedAt,
        "Measured",
        null,
        null,
        draft.startSeconds,
        0.01,
        draft.prepareSeconds,
        new ProcessPart.WarmupPart(10, draft.warmupSeconds, true),
        "samples",
        draft.measureSeconds,
        1.4,
        210,
        200,
        Map.of(),
        draft.statistics,
        new Timer(10, 20),
        draft.before,
        draft.after,
        "samples/" + name + "." + repetition + ".csv",
        null,
        null,
        null,
        null);
  }
}
