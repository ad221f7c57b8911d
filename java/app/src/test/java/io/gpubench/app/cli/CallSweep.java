// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.result.RunReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Runs on the simulated device, in each of which one call of the driver or of NVML fails. Several
 * lanes go on beside each other, each with a folder and a store.
 */
final class CallSweep implements AutoCloseable {
  private final List<Lane> lanes = new ArrayList<>();
  private final Queue<String> findings = new ConcurrentLinkedQueue<>();

  /** Functions whose failure a run has survived, and how often. */
  private final Map<String, Integer> survived = new ConcurrentHashMap<>();

  /** What makes the calls. */
  enum Form {
    /** A worker measures, by a call for each copy and kernel. */
    LAUNCH("--path=launch", "--repetitions=1"),
    /** A worker measures, by a captured graph. */
    GRAPH("--path=graph", "--repetitions=1"),
    /** A worker is asked for its self-check. */
    SELF_CHECK("--path=launch", "--repetitions=1"),
    /** All of gpubench in one process. */
    IN_PROCESS("--path=launch", "--in-process"),
    /** All of gpubench with its workers, in each of which the call fails. */
    WORKERS("--path=graph", "--repetitions=2");

    private final String options;

    Form(String... options) {
      this.options = String.join(" ", options);
    }

    /** Whether a worker is started without the rest of gpubench. */
    boolean isWorker() {
      return this == LAUNCH || this == GRAPH || this == SELF_CHECK;
    }
  }

  /** A call that fails. */
  record Point(Form form, SimulatedCall call, int code) {
    @Override
    public String toString() {
      return "%s, %s with %d".formatted(form, call, code);
    }

    /** How many calls all of gpubench makes is a matter of time, so there the function is named. */
    private String rule() {
      return form.isWorker()
          ? "fail %s %d code %d".formatted(call.library(), call.number(), code)
          : "fail %s %d code %d".formatted(call.function(), call.occurrence(), code);
    }
  }

  /**
   * Measures a run that every store has and that is to stay as it is.
   *
   * @param count of lanes
   */
  CallSweep(Path temp, int count) throws IOException {
    Path store = Files.createDirectory(temp.resolve("store"));
    try (var processes = new OwnProcess(temp)) {
      Answer answer = processes.execute(arguments(temp, Form.LAUNCH));
      if (answer.exit() != 0) {
        throw new IllegalStateException(answer.toString());
      }
    }
    for (int i = 0; i < count; i++) {
      Path folder = Files.createDirectory(temp.resolve("lane-" + i));
      lanes.add(new Lane(folder, CommandLineFixture.onlyEntry(store)));
    }
  }

  private static String[] arguments(Path folder, Form form) {
    var arguments = new ArrayList<>(List.of("run", "consensus", "--device=sim"));
    arguments.addAll(List.of("--samples=4", "--warmup=1", "--set=consensus.validators=100"));
    arguments.addAll(List.of(form.options.split(" ", -1)));
    arguments.add(new CommandLineFixture(folder).profile());
    arguments.add("--out=" + folder.resolve("store"));
    return arguments.toArray(String[]::new);
  }

  /** The calls of what is done in which nothing fails. */
  List<SimulatedCall> calls(Form form) throws IOException {
    Lane lane = lanes.getFirst();
    Result result = lane.run(form, null);
    if (result.exit() != 0) {
      throw new IllegalStateException(result.toString());
    }
    lane.forget();
    return SimulatedCall.read(lane.trace);
  }

  /** Tries all points; returns what is not as it has to be. */
  List<String> sweep(List<Point> points) throws InterruptedException {
    var waiting = new ConcurrentLinkedQueue<>(points);
    var threads = new ArrayList<Thread>();
    for (Lane lane : lanes) {
      threads.add(Thread.ofPlatform().start(() -> work(lane, waiting)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(findings);
  }

  /** Functions whose failure a run has survived, and how often it has. */
  Map<String, Integer> survived() {
    return survived;
  }

  private void work(Lane lane, Queue<Point> waiting) {
    for (Point point = waiting.poll(); point != null; point = waiting.poll()) {
      try {
        Result result = lane.run(point.form, point.rule());
        var expectation = new CallExpectation(point, lane.store, lane.earlier, lane.trace);
        for (String finding : expectation.violations(result, lane.processes.living())) {
          findings.add(point + ": " + finding);
        }
        if (result.exit() == 0) {
          survived.merge(point.call.function(), 1, Integer::sum);
        }
        lane.forget();
      } catch (IOException | RuntimeException | AssertionError e) {
        findings.add(point + ": " + e);
      }
    }
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }

  /**
   * How it ended.
   *
   * @param exit code of gpubench, or what would have been
   * @param said on stdout and stderr
   */
  record Result(int exit, String said) {}

  /** A folder in which one run comes after the other. */
  private static final class Lane implements AutoCloseable {
    private final Path folder;
    private final Path store;
    private final Path trace;
    private final OwnProcess processes;
    private final Path earlier;
    private final SimulatedWorkers workers;

    Lane(Path folder, Path original) throws IOException {
      this.folder = folder;
      store = Files.createDirectory(folder.resolve("store"));
      earlier = store.resolve(original.getFileName());
      CommandLineFixture.copy(original, earlier);
      trace = folder.resolve("trace");
      processes =
          new OwnProcess(folder)
              .property("java.io.tmpdir=" + folder)
              .variable("GPUBENCH_SIM_TRACE", trace.toString());
      workers = new SimulatedWorkers(folder, processes, trace, RunReader.read(earlier));
    }

    Result run(Form form, String rule) throws IOException {
      Files.deleteIfExists(trace);
      if (!form.isWorker()) {
        processes.variable("GPUBENCH_SIM_FAULTS", rule);
        Answer answer = processes.main(GpubenchMain.class).execute(arguments(folder, form));
        return new Result(answer.exit(), answer.err());
      }
      Map<String, String> faults = rule == null ? Map.of() : Map.of("GPUBENCH_SIM_FAULTS", rule);
      return form == Form.SELF_CHECK
          ? workers.check(faults)
          : workers.measure(form == Form.GRAPH ? "graph" : "launch", store, faults);
    }

    void forget() {
      try (Stream<Path> runs = Files.list(store)) {
        runs.filter(run -> !run.equals(earlier)).toList().forEach(CommandLineFixture::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      processes.close();
    }
  }
}
