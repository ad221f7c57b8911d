// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Runs whose samples are waits of 20 us, measured in this process and sealed without a key. */
final class StoredRuns {
  private static final long SAMPLE_NANOS = 20_000;

  private StoredRuns() {}

  /**
   * Measures one into a store.
   *
   * @param number tells it from others of the same second
   * @param records that it has
   * @param samples of each record
   * @param processes that took them, a part each
   * @return its folder
   */
  static Path measure(Path store, int number, int records, int samples, int processes)
      throws IOException {
    var workload = new SpinWorker.Waiting();
    int each = samples / processes;
    var rule = new StoppingRule(each, each, 0, 60_000_000_000L, 0, 10, 0, 1_000_000_000L);
    List<PlannedRun> planned =
        IntStream.range(0, records)
            .mapToObj(record -> planned(workload, record, rule, processes))
            .toList();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String stamp =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .format(now);
    var document =
        new RunDocument(
            RunDocument.SCHEMA,
            "%s-waiting-%06x".formatted(stamp, number),
            RunDocument.RUNNING,
            null,
            ProcessHandle.current().pid(),
            "waiting",
            "none",
            now.toString(),
            null,
            null,
            60,
            new RunDocument.Tool("gpubench", "0", "unknown", false),
            List.of("StoredRuns"),
            List.of(
                new RunDocument.EngineChoice(
                    "spin",
                    "spin",
                    "asked for",
                    null,
                    false,
                    Map.of(),
                    List.of("spin"),
                    1,
                    null,
                    null)),
            new Conditions(
                Conditions.IN_PROCESS,
                processes,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null),
            Environment.capture(),
            planned.stream()
                .map(run ->
                    new RunDocument.Planned(
                        run.id(),
                        workload.id(),
                        "spin",
                        "call",
                        run.values().asMap(),
                        new RunDocument.Effort(processes, run.budget().toNanos(), rule)))
                .toList(),
            List.of());
    var facts = new MachineFacts(1, 1L << 30, 0);
    var cancellation = new Cancellation();
    try (var writer = RunWriter.create(store, store, document, null)) {
      var bench =
          new Workbench(
              _ -> new LocalMeasurer(new SpinWorker.Spinning(SAMPLE_NANOS)),
              writer,
              facts,
              new CoolDown.None(),
              cancellation);
      new SuiteRunner(bench, new Deaf()).run(Turn.inOrder(planned));
    }
    return store.resolve(document.id());
  }

  private static PlannedRun planned(
      SpinWorker.Waiting workload, int record, StoppingRule rule, int processes) {
    Map<String, Object> parameters = record == 0 ? Map.of() : Map.of("record", (long) record);
    return new PlannedRun(
        PlannedRun.id(workload.id(), "spin", Mode.of("call"), parameters),
        workload,
        "spin",
        Mode.of("call"),
        new ParameterValues(parameters),
        rule,
        0,
        processes,
        Duration.ofMinutes(1));
  }

  private static final class Deaf implements SuiteListener {
    @Override
    public Observer started(Turn turn, int index, int total) {
      return Observer.NONE;
    }

    @Override
    public void ended(Turn turn, ResultRecord record) {}

    @Override
    public void leftOut(Turn turn) {}
  }
}
