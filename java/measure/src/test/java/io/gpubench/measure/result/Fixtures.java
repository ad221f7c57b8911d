// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.SamplesFixture;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.Map;

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
                "host", "auto", "first that passes", null, false, Map.of("threads", 2))),
        Map.of("os", Map.of("name", "Linux")),
        List.of(planned).stream()
            .map(p ->
                new RunDocument.Planned(p, "consensus", "host", "call", Map.of("validators", 4)))
            .toList(),
        List.of());
  }

  static ResultRecord record(String id, Samples samples) {
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
        samples.count(),
        false,
        Map.of(),
        "samples",
        new ResultRecord.WarmupPart(10, 0.5, true),
        samples.count() == 0 ? null : Statistics.of(samples.durations()),
        new ResultRecord.WorkPart("messages", 4, 128, 1000),
        new ResultRecord.Throughput("messages/s", 1e6, null, null),
        Map.of("oracle", "ConsensusOracle"),
        Map.of("threads", 2),
        new Timer(10, 20),
        STARTED,
        0.25,
        1.5,
        RunWriter.files(id));
  }

  static Samples samples(int count) {
    return SamplesFixture.of(count, i -> 1_000_000L * i, i -> 500 + 7L * i % 100);
  }
}
