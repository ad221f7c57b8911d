// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.SamplesFixture;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Documents, records and samples for the tests of the store. */
final class Fixtures {
  static final String STARTED = "2026-11-21T03:56:22.125Z";

  private Fixtures() {}

  static RunDocument document(String id, long pid, String... planned) {
    return startedAt(STARTED, id, pid, planned);
  }

  static RunDocument startedAt(String startedAt, String id, long pid, String... planned) {
    return new RunDocument(
        RunDocument.SCHEMA,
        id,
        RunDocument.RUNNING,
        null,
        pid,
        "default",
        "quick",
        startedAt,
        null,
        null,
        60,
        new RunDocument.Tool("gpubench", "0.1.0", "unknown", false),
        List.of("run", "--profile", "quick"),
        List.of(
            new RunDocument.EngineChoice(
                "host",
                "auto",
                "first that passes",
                null,
                false,
                Map.of("threads", 2),
                null,
                2,
                null,
                null)),
        new Conditions(
            Conditions.WORKERS, 2, 7L, null, null, List.of(), List.of(), null, null, null),
        Map.of("os", Map.of("name", "Linux")),
        List.of(planned).stream()
            .map(p ->
                new RunDocument.Planned(
                    p, "consensus", "host", "call", Map.of("validators", 4), null))
            .toList(),
        List.of());
  }

  /** What one process of two has measured so far. */
  static ResultRecord record(String id, Samples samples) {
    return record(id, List.of(part(id, 1, samples)));
  }

  static ResultRecord record(String id, List<ProcessPart> parts) {
    List<Statistics> each =
        parts.stream().map(ProcessPart::statistics).filter(Objects::nonNull).toList();
    return new ResultRecord(
        id,
        "consensus",
        "host",
        "call",
        Map.of("validators", 4),
        "Measured",
        null,
        null,
        false,
        "host",
        "ns",
        2,
        parts.stream().mapToLong(ProcessPart::sampleCount).sum(),
        false,
        each.isEmpty() ? null : Statistics.ofProcesses(each, 1),
        each.isEmpty() ? null : Variation.of(each),
        new ResultRecord.WorkPart("messages", 4, 128, 1000),
        new ResultRecord.Throughput("messages/s", 1e6, null, null),
        Map.of("oracle", "ConsensusOracle"),
        Map.of("threads", 2),
        each.isEmpty() ? null : RunWriter.histogramName(id),
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

  static ProcessPart part(String id, int repetition, Samples samples) {
    boolean none = samples.count() == 0;
    return new ProcessPart(
        repetition,
        4711,
        STARTED,
        "Measured",
        null,
        null,
        0.2,
        0,
        0.25,
        new ProcessPart.WarmupPart(10, 0.5, true),
        "samples",
        1.5,
        1.4,
        samples.count() + 10L,
        samples.count(),
        Map.of(),
        none ? null : Statistics.of(samples.durations()),
        new Timer(10, 20),
        null,
        new Telemetry(41.0, null, null, null),
        none ? null : RunWriter.samplesName(id, repetition),
        null,
        null,
        null,
        null);
  }

  static Samples samples(int count) {
    return SamplesFixture.of(count, i -> 1_000_000L * i, i -> 500 + 7L * i % 100);
  }
}
