// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.Statistics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Sides that nobody measured. */
final class Recordings {
  static final Map<String, Double> FIVE_PERCENT = Map.of("median", 0.05);
  static final double ALPHA = 0.05;

  private Recordings() {}

  /** A configuration whose processes said these medians, in nanoseconds. */
  static RecordedCase one(String workload, double... medians) {
    return one(workload, Map.of("validators", "4"), medians);
  }

  static RecordedCase one(String workload, Map<String, String> parameters, double... medians) {
    return new RecordedCase(
        workload,
        parameters,
        Map.of("engine", "host", "path", "call", "clock", "host", "cache", "hot"),
        Map.of("processors model", "Z80"),
        null,
        Arrays.stream(medians)
            .mapToObj(median ->
                new RecordedProcess(
                    Map.of("median", median, "p95", 1.5 * median, "p99", 2 * median),
                    1_000,
                    0.01,
                    100.0))
            .toList(),
        null,
        List.of());
  }

  static RecordedSide side(String name, RecordedCase... cases) {
    return new RecordedSide(
        name,
        "gpubench.run/2",
        Map.of("tool", "gpubench", "version", "1", "commit", name),
        Map.of("isolation", "workers"),
        List.of(cases),
        List.of());
  }

  /** Log-normal medians around a centre. */
  static double[] noise(SplittableRandom random, int count, double centre, double spread) {
    return IntStream.range(0, count)
        .mapToDouble(_ -> centre * Math.exp(spread * random.nextGaussian()))
        .toArray();
  }

  /** The only metric that is judged. */
  static ComparedMetric judged(RecordedComparison comparison) {
    List<ComparedMetric> all = comparison.judged().toList();
    if (all.size() != 1) {
      throw new AssertionError(all.toString());
    }
    return all.getFirst();
  }

  static ComparedMetric judged(double[] a, double[] b) {
    return judged(
        RecordedComparison.of(side("a", one("w", a)), side("b", one("w", b)), ALPHA, FIVE_PERCENT));
  }

  /** A run of gpubench with records. */
  static RunDocument run(ResultRecord... records) {
    return new RunDocument(
        RunDocument.SCHEMA,
        "20261121T035622Z-default-3f9a1c",
        RunDocument.COMPLETE,
        null,
        Long.MAX_VALUE,
        "default",
        "quick",
        "2026-11-21T03:56:22.125Z",
        "2026-11-21T03:57:22.125Z",
        60.0,
        60,
        new RunDocument.Tool("gpubench", "0.1.0", "abcdef", true),
        List.of("run"),
        List.of(),
        new Conditions(
            Conditions.WORKERS, 2, 7L, "0-1", null, List.of(), List.of(), null, null, null),
        Map.of(
            "cpu",
            Map.of("model", "Z80", "availableProcessors", 2),
            "java",
            Map.of("version", "25", "flags", List.of("-Xmx1g", "-Dwhere=ever", "-Xlog:disable"))),
        List.of(),
        List.of(records));
  }

  /** A record of a run with one process for each of these times of all its samples. */
  static ResultRecord record(String outcome, long... nanos) {
    var parameters = new LinkedHashMap<String, Object>();
    parameters.put("validators", 4L);
    parameters.put("tags", "none");
    List<ProcessPart> parts =
        IntStream.range(0, nanos.length).mapToObj(i -> part(i + 1, nanos[i])).toList();
    return new ResultRecord(
        "consensus-host-call-0123456789ab",
        "consensus",
        "host",
        "call",
        parameters,
        outcome,
        outcome.equals("Measured") ? null : "it\nbroke",
        null,
        false,
        "host",
        "ns",
        3,
        100L * nanos.length,
        true,
        Statistics.ofProcesses(parts.stream().map(ProcessPart::statistics).toList(), 100),
        null,
        new ResultRecord.WorkPart("messages", 4, 128, 1000),
        null,
        Map.of(),
        Map.of("threads", 2),
        null,
        parts,
        null,
        2,
        null,
        null,
        "1 of 3 processes is missing",
        null,
        null,
        null);
  }

  /** Measured earlier, the larger its number: the order of time is not that of the list. */
  private static ProcessPart part(int repetition, long nanos) {
    long[] samples = new long[100];
    Arrays.fill(samples, nanos);
    return new ProcessPart(
        repetition,
        4711,
        "2026-11-21T03:56:%02d.000Z".formatted(50 - repetition),
        "Measured",
        null,
        null,
        0.2,
        0,
        0.25,
        new ProcessPart.WarmupPart(10, 0.5, repetition > 1),
        "samples",
        1.5,
        null,
        100,
        100,
        Map.of(),
        Statistics.of(samples),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
