// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Measures with workers that misbehave, one run for each, and sees that none survives. */
final class NaughtySuite {
  /** No misdeed: the step does not exist. */
  static final String[] GOOD = {"never", ""};

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  private final Path temp;
  private final Path pids;
  private final Map<Step, Duration> patience = new EnumMap<>(Step.class);
  private @Nullable Path guard;
  private Class<?> main = NaughtyWorker.class;
  private Workload workload = new WordsWorkload();
  private boolean foreign = true;
  private int samples = 50;

  NaughtySuite(Path temp) {
    this.temp = temp;
    pids = temp.resolve("pids");
    for (Step step : Step.values()) {
      patience.put(step, ENOUGH);
    }
    patience.put(Step.BYE, Step.BYE.patience());
  }

  /** Whether a worker came to its own end. */
  boolean released() {
    return Files.exists(NaughtyWorker.released(pids));
  }

  /** How long a worker may be silent at a step. */
  NaughtySuite patience(Step step, long millis) {
    patience.put(step, Duration.ofMillis(millis));
    return this;
  }

  /** Which program the worker is, and whether it is a stranger's. */
  NaughtySuite worker(Class<?> program, Workload runs, boolean ofAStranger) {
    main = program;
    workload = runs;
    foreign = ofAStranger;
    return this;
  }

  /** How many samples it has to take. */
  NaughtySuite samples(int count) {
    samples = count;
    return this;
  }

  /** What keeps the worker's processes together. */
  NaughtySuite guard(Path program) {
    guard = program;
    return this;
  }

  /** The record of one run. */
  ResultRecord run(String step, String deed) throws Exception {
    return run(List.<String[]>of(new String[] {step, deed})).records().getFirst();
  }

  /** Runs one after the other; each is a step and what is done there. */
  RunDocument run(List<String[]> misdeeds) throws Exception {
    var plan = new ArrayList<PlannedRun>();
    for (int i = 0; i < misdeeds.size(); i++) {
      plan.add(planned("run%d-000000000000".formatted(i)));
    }
    Workbench.Source source = turn -> worker(misdeeds.get(plan.indexOf(turn.run())));
    try (var inputs = new InputFolder(temp)) {
      this.inputs = inputs;
      RunDocument document = measured(plan, source);
      assertEquals("complete", document.status());
      assertNoneSurvives();
      return document;
    }
  }

  private @Nullable InputFolder inputs;

  private Worker worker(String[] misdeed) {
    var launch =
        new Worker.Launch(
            "naughty",
            new WorkerCommand(command(misdeed), Map.of(), temp, guard, null),
            patience,
            foreign,
            1,
            null,
            false);
    if (inputs == null) {
      throw new IllegalStateException("no suite is running");
    }
    return Worker.start(launch, inputs, new Cancellation());
  }

  private List<String> command(String[] misdeed) {
    if (misdeed[0].equals("hello") && misdeed[1].startsWith("!signal ")) {
      // a JVM does not die of every signal
      String script = "echo $$ >> \"$0\"; read -r _; kill -\"$1\" $$; exec sleep 600";
      return List.of("sh", "-c", script, pids.toString(), misdeed[1].split(" ")[1]);
    }
    if (misdeed[0].equals("hello") && !misdeed[1].startsWith("!")) {
      // needs no JVM, whose start takes long
      String script = "echo $$ >> \"$0\"; read -r _; printf '%s\\n' \"$1\"; exec cat > /dev/null";
      return List.of("sh", "-c", script, pids.toString(), misdeed[1]);
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.add(pids.toString());
    command.addAll(List.of(misdeed));
    return command;
  }

  private RunDocument measured(List<PlannedRun> plan, Workbench.Source source) {
    var document =
        new RunDocument(
            RunDocument.SCHEMA,
            "run",
            RunDocument.RUNNING,
            null,
            1,
            "suite",
            "quick",
            "2026-11-21T03:56:22.125Z",
            null,
            null,
            1,
            new RunDocument.Tool("gpubench", "0", "unknown", false),
            List.of(),
            List.of(),
            new Conditions(
                Conditions.WORKERS, 1, null, null, null, List.of(), List.of(), null, null, null),
            Map.of(),
            List.of(),
            List.of());
    try (var writer = RunWriter.create(temp.resolve("store"), temp, document, null)) {
      var bench =
          new Workbench(
              source,
              writer,
              new MachineFacts(1, 1L << 30, 0),
              new CoolDown.None(),
              new Cancellation());
      return new SuiteRunner(bench, new Deaf()).run(Turn.inOrder(plan));
    }
  }

  private PlannedRun planned(String id) {
    return new PlannedRun(
        id,
        workload,
        "naughty",
        Mode.of("call"),
        WordsWorkload.VALUES,
        new StoppingRule(samples, samples, 0, 60_000_000_000L, 0, 5, 0, 10_000_000L),
        1,
        1,
        Duration.ofSeconds(1));
  }

  /** Every process that was noted has ended, or does so within moments. */
  private void assertNoneSurvives() throws Exception {
    List<String> noted = Files.readAllLines(pids);
    assertFalse(noted.isEmpty());
    for (String pid : noted) {
      var process = ProcessHandle.of(Long.parseLong(pid));
      if (process.isPresent()) {
        process.get().onExit().get(20, TimeUnit.SECONDS);
      }
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
