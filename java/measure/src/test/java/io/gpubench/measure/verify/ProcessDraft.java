// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.run.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A process with its samples, of which everything can be changed. */
final class ProcessDraft {
  long[] starts = {};
  long[] durations = {};
  @Nullable Timer timer = new Timer(30, 30);
  String outcome = "Measured";
  @Nullable String stop = "samples";
  String clock = "host";
  @Nullable String device;
  boolean underSampled;
  boolean foreign;
  long pid = 4711;
  double measureSeconds;
  @Nullable Double processorSeconds;
  ProcessPart.@Nullable WarmupPart warmup;
  long moreAnswers;
  Map<String, Long> discards = Map.of();
  @Nullable Throttling throttling;
  double operations = 1000;
  double operationsPerSecond = Double.POSITIVE_INFINITY;

  Timer timer() {
    return Objects.requireNonNull(timer);
  }

  /** The span from the first sample to the last. */
  long span() {
    int last = durations.length - 1;
    return starts[last] + durations[last] - starts[0];
  }

  double median() {
    long[] sorted = durations.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2] / 2.0 + sorted[sorted.length / 2] / 2.0;
  }

  /** Lays the samples out one after the other again, with the gaps that they have. */
  void relay(long[] gaps) {
    long at = 0;
    for (int i = 0; i < durations.length; i++) {
      starts[i] = at;
      at += durations[i] + gaps[i];
    }
    measureSeconds = Math.round(at / 1e6) / 1e3 + 0.001;
  }

  long[] gaps() {
    long[] gaps = new long[durations.length];
    for (int i = 0; i + 1 < gaps.length; i++) {
      gaps[i] = starts[i + 1] - starts[i] - durations[i];
    }
    return gaps;
  }

  List<Finding> findings() {
    return SampleDoubts.of(process());
  }

  List<Flaw> flaws() {
    return findings().stream().map(Finding::flaw).toList();
  }

  MeasuredProcess process() {
    var part =
        new ProcessPart(
            3,
            pid,
            "2026-11-21T03:56:22.125Z",
            outcome,
            outcome.equals("Measured") ? null : "for the test",
            null,
            0.2,
            0,
            0.25,
            warmup,
            stop,
            measureSeconds,
            processorSeconds,
            durations.length + moreAnswers,
            durations.length,
            discards,
            null,
            timer,
            null,
            null,
            "samples/a.3.csv",
            null,
            throttling,
            null,
            null);
    var record =
        new ResultRecord(
            "a",
            "consensus",
            "host",
            "call",
            Map.of(),
            outcome,
            part.reason(),
            device,
            false,
            clock,
            "ns",
            1,
            durations.length,
            underSampled,
            null,
            null,
            new ResultRecord.WorkPart("messages", 4, 128, operations),
            null,
            Map.of(),
            Map.of(),
            null,
            List.of(part),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return new MeasuredProcess(
        record, part, foreign, operationsPerSecond, Map.of(), RawSamples.of(starts, durations));
  }
}
