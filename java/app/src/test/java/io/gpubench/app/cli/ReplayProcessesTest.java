// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.workers.Guard;
import io.gpubench.measure.conditions.CpuSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Replays of runs that worker processes measured. */
@Timeout(180)
@ExtendWith(RecordedClasses.Ready.class)
class ReplayProcessesTest {
  private static final Path SIMULATOR =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");

  @TempDir private Path temp;
  private Path home;

  @BeforeEach
  void useTheCheckout() {
    home = CommandLineFixture.ROOT;
  }

  @Test
  void asManyProcessesMeasureInTheSameOrder() throws Exception {
    JsonNode before =
        measured("java", "--set=consensus.validators=4,5,6", "--repetitions=2", "--threads=1");
    JsonNode after = replayed();
    assertEquals(before.at("/planned"), after.at("/planned"));
    assertEquals(before.at("/conditions/orderSeed"), after.at("/conditions/orderSeed"));
    List<String> order = order(before);
    assertEquals(6, order.size());
    assertEquals(order, order(after));
    assertEquals(1, after.at("/engines/0/threads").asInt());
    assertEquals(1, after.at("/engines/0/description/threads").asInt());
    assertNotEquals(
        before.at("/records/0/processes/0/pid"), after.at("/records/0/processes/0/pid"));
    for (JsonNode record : after.at("/records")) {
      assertEquals("Measured", record.at("/outcome").asString());
      assertEquals(20, record.at("/processes/0/sampleCount").asInt());
    }
  }

  @Test
  void conditionsAreAsTheyWere() throws Exception {
    assumeTrue(Guard.below(home).isPresent(), "no guard is built");
    int cpu = CpuSet.allowed().ranges().getLast().last();
    JsonNode before =
        measured(
            "java",
            "--set=consensus.validators=4",
            "--repetitions=1",
            "--cpus=" + cpu,
            "--cool-down=10ms",
            "--timeout=33s");
    JsonNode after = replayed();
    for (String same : List.of("isolation", "repetitions", "cpus", "coolDown", "timeoutSeconds")) {
      assertEquals(before.at("/conditions/" + same), after.at("/conditions/" + same), same);
    }
    assertEquals("" + cpu, after.at("/conditions/cpus").asString());
    assertEquals(33, after.at("/conditions/timeoutSeconds").asDouble());
    assertTrue(after.at("/records/0/processes/0/coolDownSeconds").asDouble() >= 0.01);
  }

  @Test
  void theSimulatedDeviceIsTakenAgain() throws Exception {
    boolean built = Files.exists(SIMULATOR);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no simulator is built");
    assumeTrue(built, "no simulator is built");
    JsonNode before =
        measured(
            "cuda",
            "--device=sim",
            "--path=graph",
            "--set=consensus.validators=100",
            "--set=consensus.tags=none",
            "--repetitions=1");
    JsonNode after = replayed();
    assertEquals(before.at("/planned"), after.at("/planned"));
    assertEquals("sim", after.at("/engines/0/deviceAsked").asString());
    assertTrue(after.at("/records/0/synthetic").asBoolean());
    assertEquals(before.at("/engines/0/description"), after.at("/engines/0/description"));
    // a build may be of changed sources, and nothing else may be different
    for (JsonNode note : after.at("/conditions/notes")) {
      assertTrue(note.asString().startsWith("gpubench was built "), note.asString());
    }
  }

  @Test
  void aForeignEngineIsStartedByTheFileOfToday() throws Exception {
    home = Files.createDirectory(temp.resolve("home"));
    Path configs = Files.createDirectory(home.resolve("configs"));
    Path real = CommandLineFixture.ROOT.resolve("configs");
    for (String part : List.of("schemas", "profiles", "suites")) {
      copy(real.resolve(part), configs.resolve(part));
    }
    Path engines = Files.createDirectory(configs.resolve("engines"));
    Files.copy(
        CommandLineFixture.ROOT.resolve("examples/engines/python/consensus_worker.py"),
        engines.resolve("worker.py"));
    Path file = engines.resolve("mine.yaml");
    String text =
        """
        schema: 1
        command: [python3, worker.py]
        workloads: {consensus: [call]}
        """;
    Files.writeString(file, text);
    measured("mine", "--set=consensus.validators=4", "--repetitions=1");
    Files.writeString(file, text.replace("[python3,", "[python3, -B,"));
    JsonNode after = replayed();
    assertEquals("Measured", after.at("/records/0/outcome").asString());
    assertTrue(
        after
            .at("/conditions/notes")
            .toString()
            .contains(
                "engine mine is not as it was: command python3 worker.py, now python3 -B worker.py;"
                    + " engineFileSha256 "),
        after.at("/conditions").toString());
    Files.delete(file);
    Answer gone = execute("replay", run().toString(), "--out=third");
    assertEquals(3, gone.exit());
    assertTrue(gone.err().startsWith("gpubench: the engine 'mine', which measured "), gone.err());
    assertEquals(1, gone.err().lines().count());
  }

  /** All processes of a run in the order of time. */
  private static List<String> order(JsonNode run) {
    record Began(String at, String what) {}
    var began = new ArrayList<Began>();
    for (JsonNode record : run.at("/records")) {
      for (JsonNode process : record.at("/processes")) {
        began.add(
            new Began(
                process.at("/startedAt").asString(),
                record.at("/id").asString() + " " + process.at("/repetition").asInt()));
      }
    }
    began.sort(Comparator.comparing(Began::at));
    return began.stream().map(Began::what).toList();
  }

  private JsonNode measured(String engine, String... options) throws Exception {
    Answer answer =
        execute(
            Stream.of(
                    Stream.of("run", "consensus", "--engine=" + engine, "--samples=20"),
                    Stream.of("--warmup=5"),
                    Stream.of(options))
                .flatMap(arguments -> arguments)
                .toArray(String[]::new));
    boolean there = !answer.err().contains("cannot start the worker");
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, answer.err());
    assumeTrue(there, answer.err());
    assertEquals(0, answer.exit(), answer.err());
    return document(run());
  }

  private JsonNode replayed() throws Exception {
    Answer answer = execute("replay", run().toString(), "--out=again");
    assertEquals(0, answer.exit(), answer.err());
    return document(CommandLineFixture.onlyEntry(temp.resolve("again")));
  }

  private Path run() {
    return CommandLineFixture.onlyEntry(temp.resolve("results"));
  }

  private static JsonNode document(Path run) {
    return CommandLineFixture.validRun(CommandLineFixture.read(run.resolve("run.json")));
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Runs gpubench as a process in the temporary folder, with locks of its own. */
  private Answer execute(String... arguments) {
    try (var process = new OwnProcess(temp).home(home)) {
      return process.execute(arguments);
    }
  }
}
