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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What {@code gpubench verify} takes for many runs of 1,000 samples each: measures them first, in
 * this process (waits of 20 us), then starts the command on their store with a small heap, on all
 * of them and on a tenth. Arguments: how many runs, and by how many processes each.
 */
public final class VerifyCost {
  private static final int SAMPLES = 1_000;
  private static final int TIMES = 3;
  private static final String HEAP = "-Xmx64m";

  private VerifyCost() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int processes = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    Path root = Files.createTempDirectory("gpubench-verify-");
    try {
      Path all = Files.createDirectory(root.resolve("all"));
      Path tenth = Files.createDirectory(root.resolve("tenth"));
      for (int i = 0; i < runs; i++) {
        measure(i % 10 == 0 ? tenth : all, i, processes);
      }
      System.out.println(Reading.of(verify(tenth), "s").line("a tenth"));
      for (Path run : entries(tenth)) {
        Files.move(run, all.resolve(run.getFileName()));
      }
      double[] seconds = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        seconds[i] = verify(all);
      }
      System.out.println(Reading.of(seconds, "s").line("all"));
    } finally {
      new ProcessBuilder("rm", "-rf", root.toString()).inheritIO().start().waitFor();
    }
  }

  /** The time that the command takes for all runs of a store, in seconds. */
  private static double verify(Path store) throws IOException, InterruptedException {
    Path launcher = Path.of(System.getProperty("gpubench.home"), "gpubench");
    var command = new ProcessBuilder(launcher.toString(), "verify", store.toString());
    command.environment().put("GPUBENCH_JAVA_OPTS", HEAP);
    Path output = Files.createTempFile("gpubench-verify-", ".txt");
    command.redirectOutput(output.toFile()).redirectErrorStream(true);
    long before = System.nanoTime();
    int code = command.start().waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    List<String> lines = Files.readAllLines(output);
    Files.delete(output);
    int runs = entries(store).size();
    String verified = String.format(Locale.ROOT, "%,d runs: %d verified", runs, runs);
    if (code != 0 || lines.stream().noneMatch(verified::equals)) {
      throw new IllegalStateException("verify ended with " + code + ": " + lines.getLast());
    }
    return seconds;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private static void measure(Path store, int number, int processes) {
    var workload = new SpinWorker.Waiting();
    var values = new ParameterValues(Map.of());
    int each = SAMPLES / processes;
    var rule = new StoppingRule(each, each, 0, 60_000_000_000L, 0, 10, 0, 1_000_000_000L);
    var planned =
        new PlannedRun(
            PlannedRun.id(workload.id(), "spin", Mode.of("call"), Map.of()),
            workload,
            "spin",
            Mode.of("call"),
            values,
            rule,
            0,
            processes,
            Duration.ofMinutes(1));
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
            List.of("VerifyCost"),
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
            List.of(
                new RunDocument.Planned(
                    planned.id(),
                    workload.id(),
                    "spin",
                    "call",
                    Map.of(),
                    new RunDocument.Effort(processes, planned.budget().toNanos(), rule))),
            List.of());
    var facts = new MachineFacts(1, 1L << 30, 0);
    var cancellation = new Cancellation();
    try (var writer = RunWriter.create(store, store, document, null)) {
      var bench =
          new Workbench(
              _ -> new LocalMeasurer(new SpinWorker.Spinning(20_000)),
              writer,
              facts,
              new CoolDown.None(),
              cancellation);
      new SuiteRunner(bench, new Deaf()).run(Turn.inOrder(List.of(planned)));
    }
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
