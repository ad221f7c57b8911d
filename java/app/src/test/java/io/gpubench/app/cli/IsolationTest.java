// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.workers.Guard;
import io.gpubench.measure.conditions.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs whose repetitions are processes: what they share, what they do not, and how they end. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class IsolationTest {
  private static final Path BUILT = CommandLineFixture.ROOT.resolve("native/build");

  @TempDir private Path temp;
  private OwnProcess processes;
  private OwnProcess.Running last;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    processes = new OwnProcess(temp);
    boolean built = Guard.below(CommandLineFixture.ROOT).isPresent();
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no guard is built");
    assumeTrue(built, "no guard is built");
  }

  @AfterEach
  void endAll() {
    processes.close();
  }

  @Test
  void eachRepetitionIsAProcess() throws Exception {
    assertEquals(0, run("--engine", "java", "--repetitions", "3").exit(), last.err());
    JsonNode run = document();
    JsonNode record = run.at("/records/0");
    assertEquals("Measured", record.at("/outcome").asString());
    assertEquals("workers", run.at("/conditions/isolation").asString());
    assertEquals(3, record.at("/processes").size());
    Set<Long> pids = new HashSet<>();
    record.at("/processes").forEach(process -> pids.add(process.at("/pid").asLong()));
    assertEquals(3, pids.size());
    assertEquals(3, record.at("/variation/processes").asInt());
    for (JsonNode process : record.at("/processes")) {
      Path samples = line.onlyRun().resolve(process.at("/samples").asString());
      assertEquals(
          1 + process.at("/sampleCount").asLong(),
          CommandLineFixture.read(samples).lines().count());
    }
    assertEquals(Set.of(), processes.living());
  }

  /** From the command line through the worker protocol to the engine, and into the record. */
  @Test
  void aTuningParameterReachesTheEngine() throws Exception {
    String[] words =
        "--engine java --path streamed --set consensus.validators=100 --set consensus.rounds=4 --repetitions 1"
            .split(" ");
    assertEquals(0, run(words).exit(), last.err());
    JsonNode record = document().at("/records/0");
    assertEquals("Measured", record.at("/outcome").asString());
    assertEquals(4, record.at("/parameters/rounds").asInt());
    assertEquals(4, record.at("/configuration/rounds").asInt());
    assertEquals("streamed", record.at("/path").asString());
  }

  @Test
  void aSignalEndsARunAndItsWorkerAndKeepsWhatWasMeasured() throws Exception {
    OwnProcess.Running process = run("--engine", "java", "--repetitions", "2", "--duration", "20s");
    awaitSamples();
    assertFalse(processes.living().isEmpty());
    process.process.destroy();
    assertEquals(143, process.exit(), last.err());
    JsonNode run = document();
    assertEquals("interrupted", run.at("/status").asString());
    assertEquals("interrupted", run.at("/records/0/processes/0/stop").asString());
    assertTrue(run.at("/records/0/sampleCount").asLong() > 0);
    awaitNobody();
  }

  @Test
  void aRunThatIsKilledLeavesNoWorkerBehind() throws Exception {
    OwnProcess.Running process = run("--engine", "java", "--repetitions", "2", "--duration", "20s");
    awaitSamples();
    process.kill();
    awaitNobody();
  }

  @Test
  void aHungKernelCostsItsWorkerOnly() throws Exception {
    processes.home(homeWithAKernelThatHangsAt(777));
    OwnProcess.Running process =
        run(
            "--device",
            "sim",
            "--set",
            "consensus.validators=100,777",
            "--set",
            "consensus.variant=fused", // whose kernel hangs
            "--repetitions",
            "2",
            "--timeout",
            "5s");
    assertEquals(3, process.exit(), last.err());
    JsonNode run = document();
    assertEquals("complete", run.at("/status").asString());
    for (JsonNode record : run.at("/records")) {
      if (record.at("/parameters/validators").asLong() == 777) {
        assertEquals("Failed", record.at("/outcome").asString());
        assertEquals(
            "timeout: the worker of 'cuda' said nothing for 5.0 s, and was killed, in step verify; the last it"
                + " wrote: cuStreamSynchronize() waits for the device: a kernel or a copy is still running",
            record.at("/reason").asString().replaceFirst(" ([5-9]|[0-9]{2,})\\.[0-9] s", " 5.0 s"));
        assertEquals("timeout", record.at("/processes/0/failure/kind").asString());
        assertEquals(1, record.at("/processes").size());
      } else {
        assertEquals("Measured", record.at("/outcome").asString(), record.toString());
        assertEquals(2, record.at("/processes").size());
      }
    }
    assertEquals(Set.of(), processes.living());
  }

  @Test
  void twoRunsDoNotDisturbEachOtherUnknowingly() throws Exception {
    OwnProcess.Running first = run("--engine", "java", "--repetitions", "1", "--duration", "30s");
    awaitSamples();
    Path store = line.store;
    line.store = temp.resolve("second");
    assertEquals(3, run("--engine", "java", "--repetitions", "1").exit());
    String refusal = last.err().lines().toList().getLast();
    assertTrue(
        refusal.startsWith(
            "gpubench: device processors is in use by process " + first.pid() + " (gpubench run "),
        refusal);
    assertTrue(
        refusal.endsWith("; wait for it with --wait TIME, or measure all the same with --anyway"),
        refusal);
    assertTrue(Files.notExists(line.store), "nothing was measured");

    assertEquals(0, run("--engine", "java", "--repetitions", "1", "--anyway").exit());
    JsonNode run = document();
    assertTrue(
        run.at("/conditions/overridden/0")
            .asString()
            .startsWith("device processors is in use by process " + first.pid()),
        run.at("/conditions").toString());
    assertTrue(last.out().contains("\nANYWAY: device processors is in use by "), last.out());

    line.store = temp.resolve("third");
    OwnProcess.Running third = run("--engine", "java", "--repetitions", "1", "--wait", "1m");
    assertFalse(third.await(Duration.ofSeconds(2)), "it waits");
    first.process.destroy();
    assertEquals(0, third.exit(), last.err());
    line.store = store;
    assertEquals("interrupted", document().at("/status").asString());
  }

  @Test
  void aDeviceThatOthersUseIsRefused() throws Exception {
    Path driver = BUILT.resolve("cudasim/libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulated device is built");
    processes.property("gpubench.library.cuda=" + driver);
    processes.property("gpubench.library.nvml=" + BUILT.resolve("cudasim/libnvidia-ml.so.1"));
    processes.variable("GPUBENCH_SIM_OCCUPANTS", "4711:python3");
    assertEquals(3, run("--device", "0", "--repetitions", "1").exit());
    assertEquals(
        "gpubench: other processes use the device Simulated CUDA device: 4711 (python3); stop them, or"
            + " measure all the same with --anyway",
        last.err().lines().toList().getLast());
    assertEquals(0, run("--device", "0", "--repetitions", "1", "--anyway").exit(), last.err());
    assertEquals(
        "other processes use the device Simulated CUDA device: 4711 (python3)",
        document().at("/conditions/overridden/0").asString());
  }

  @Test
  void workersAreBoundToTheProcessorsNamed() throws Exception {
    int first = CpuSet.allowed().ranges().getFirst().first();
    OwnProcess.Running process =
        run("--engine", "java", "--repetitions", "1", "--cpus", "" + first, "--duration", "20s");
    awaitSamples();
    List<Long> bound = new ArrayList<>();
    for (long pid : processes.living()) {
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      if (status.contains("\nCpus_allowed_list:\t" + first + "\n")) {
        bound.add(pid);
      }
    }
    assertEquals(1, bound.size(), "the worker, and neither its guard nor the run");
    process.process.destroy();
    process.exit();
    JsonNode run = document();
    assertEquals("" + first, run.at("/conditions/cpus").asString());
    assertEquals(1, run.at("/engines/0/description/threads").asInt());
  }

  @Test
  void mistakesAboutConditionsAreOneLine() throws Exception {
    assertMistake("--cpus 0-8191: this process may use ", "--cpus", "0-8191");
    assertMistake("--cpus: ", "--cpus", "1-0");
    assertMistake("--cool-down: 'warm' is not a cool-down; ", "--cool-down", "warm");
    assertMistake("--wait: ", "--wait", "soon");
    assertMistake("--repetitions 0 is out of range; expected 1 .. 1000", "--repetitions", "0");
    assertMistake(
        "--cpus is about workers, and --in-process has none", "--in-process", "--cpus", "0");
    assertMistake(
        "--repetitions are processes, and --in-process has one only",
        "--in-process",
        "--repetitions",
        "3");
  }

  private void assertMistake(String beginning, String... options) throws Exception {
    var all = new ArrayList<>(List.of("--engine", "java"));
    all.addAll(List.of(options));
    assertEquals(2, run(all.toArray(String[]::new)).exit(), last.err());
    String error = last.err().lines().toList().getLast();
    assertTrue(error.startsWith("gpubench: " + beginning), error);
    assertTrue(Files.notExists(line.store));
  }

  /** A home with other CUDA sources, to be compiled when they are needed. */
  private Path homeWithAKernelThatHangsAt(int validators) throws IOException {
    Path simulator = BUILT.resolve("cudasim");
    assumeTrue(Files.exists(simulator.resolve("libcuda.so.1")), "the simulated device is built");
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.createSymbolicLink(home.resolve("configs"), CommandLineFixture.ROOT.resolve("configs"));
    Path sources = Files.createDirectory(home.resolve("cuda"));
    try (Stream<Path> files = Files.list(CommandLineFixture.ROOT.resolve("cuda"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, sources.resolve(file.getFileName()));
      }
    }
    Path source = sources.resolve("consensus.cu");
    String text = Files.readString(source);
    int body = text.indexOf("{\n", text.indexOf(" consensus_round(")) + 2;
    Files.writeString(
        source,
        text.substring(0, body)
            + "    if (validators == %d) { for (;;) { __nanosleep(1000); } }%n"
                .formatted(validators)
            + text.substring(body));
    Path libraries = Files.createDirectories(home.resolve("lib/cudasim"));
    for (String file :
        List.of("libcuda.so.1", "libnvidia-ml.so.1", "libnvrtc.so", "simtcc", "include")) {
      Files.createSymbolicLink(libraries.resolve(file), simulator.resolve(file));
    }
    Files.createSymbolicLink(
        home.resolve("lib/gpubench-guard"), Guard.below(CommandLineFixture.ROOT).orElseThrow());
    return home;
  }

  private OwnProcess.Running run(String... options) {
    var arguments = new ArrayList<>(List.of("run", "consensus", "--out", line.store.toString()));
    if (List.of(options).contains("--duration")) {
      arguments.addAll(List.of("--set", "consensus.validators=50000")); // so that it lasts so long
    } else if (Stream.of(options).noneMatch(option -> option.startsWith("consensus."))) {
      arguments.addAll(List.of("--set", "consensus.validators=100"));
    }
    if (!List.of(options).contains("--duration")) {
      arguments.addAll(List.of("--samples", "20", "--warmup", "5"));
    }
    arguments.addAll(List.of(options));
    last = processes.start(arguments.toArray(String[]::new));
    return last;
  }

  private JsonNode document() {
    return CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
  }

  /** Waits until samples are on the disk. */
  private void awaitSamples() throws Exception {
    while (!hasSamples()) {
      assertTrue(last.isAlive(), last.err());
      last.await(Duration.ofMillis(20));
    }
  }

  private boolean hasSamples() throws IOException {
    if (Files.notExists(line.store)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(line.store)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".csv")).toList()) {
        if (CommandLineFixture.read(file).lines().count() > 1) {
          return true;
        }
      }
    }
    return false;
  }

  /** After a kill, the guard of a worker sees to that. */
  private void awaitNobody() {
    assertTrue(processes.awaitNobody(Duration.ofMinutes(1)), "a process is left");
  }
}
