// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.workers.Guard;
import io.gpubench.measure.conditions.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs whose repetitions are processes: what they share, what they do not, and how they end. */
@Timeout(120)
class IsolationTest {
  private static final Path BUILT = CommandLineFixture.ROOT.resolve("native/build");

  /** In the environment of a run, and so in that of all its processes. */
  private static final String MARK = "GPUBENCH_TEST_MARK";

  @TempDir private Path temp;
  private final String mark = UUID.randomUUID().toString();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> properties = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    boolean built = Guard.below(CommandLineFixture.ROOT).isPresent();
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no guard is built");
    assumeTrue(built, "no guard is built");
  }

  @AfterEach
  void endAll() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    for (long pid : processes()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void eachRepetitionIsAProcess() throws Exception {
    assertEquals(0, run("--engine", "java", "--repetitions", "3").waitFor(), text("err"));
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
    assertEquals(Set.of(), processes());
  }

  @Test
  void aSignalEndsARunAndItsWorkerAndKeepsWhatWasMeasured() throws Exception {
    Process process = run("--engine", "java", "--repetitions", "2", "--duration", "20s");
    awaitSamples();
    assertFalse(processes().isEmpty());
    process.destroy();
    assertEquals(143, process.waitFor(), text("err"));
    JsonNode run = document();
    assertEquals("interrupted", run.at("/status").asString());
    assertEquals("interrupted", run.at("/records/0/processes/0/stop").asString());
    assertTrue(run.at("/records/0/sampleCount").asLong() > 0);
    awaitNobody();
  }

  @Test
  void aRunThatIsKilledLeavesNoWorkerBehind() throws Exception {
    Process process = run("--engine", "java", "--repetitions", "2", "--duration", "20s");
    awaitSamples();
    process.destroyForcibly().waitFor();
    awaitNobody();
  }

  @Test
  void aHungKernelCostsItsWorkerOnly() throws Exception {
    properties.add("gpubench.home=" + homeWithAKernelThatHangsAt(777));
    Process process =
        run(
            "--device",
            "sim",
            "--set",
            "consensus.validators=100,777",
            "--repetitions",
            "2",
            "--timeout",
            "5s");
    assertEquals(3, process.waitFor(), text("err"));
    JsonNode run = document();
    assertEquals("complete", run.at("/status").asString());
    for (JsonNode record : run.at("/records")) {
      if (record.at("/parameters/validators").asLong() == 777) {
        assertEquals("Failed", record.at("/outcome").asString());
        assertEquals(
            "timeout: the worker of 'cuda' said nothing for 5.0 s, and was killed, in step verify; the last it"
                + " wrote: cuStreamSynchronize() waits for the device: a kernel or a copy is still running",
            record.at("/reason").asString());
        assertEquals("timeout", record.at("/processes/0/failure/kind").asString());
        assertEquals(1, record.at("/processes").size());
      } else {
        assertEquals("Measured", record.at("/outcome").asString(), record.toString());
        assertEquals(2, record.at("/processes").size());
      }
    }
    assertEquals(Set.of(), processes());
  }

  @Test
  void twoRunsDoNotDisturbEachOtherUnknowingly() throws Exception {
    Process first = run("--engine", "java", "--repetitions", "1", "--duration", "30s");
    awaitSamples();
    Path store = line.store;
    line.store = temp.resolve("second");
    assertEquals(3, run("--engine", "java", "--repetitions", "1").waitFor());
    String refusal = text("err").lines().toList().getLast();
    assertTrue(
        refusal.startsWith(
            "gpubench: device processors is in use by process " + first.pid() + " (gpubench run "),
        refusal);
    assertTrue(
        refusal.endsWith("; wait for it with --wait TIME, or measure all the same with --anyway"),
        refusal);
    assertTrue(Files.notExists(line.store), "nothing was measured");

    assertEquals(0, run("--engine", "java", "--repetitions", "1", "--anyway").waitFor());
    JsonNode run = document();
    assertTrue(
        run.at("/conditions/overridden/0")
            .asString()
            .startsWith("device processors is in use by process " + first.pid()),
        run.at("/conditions").toString());
    assertTrue(text("out").contains("\nANYWAY: device processors is in use by "), text("out"));

    Process third;
    line.store = temp.resolve("third");
    third = run("--engine", "java", "--repetitions", "1", "--wait", "1m");
    assertFalse(third.waitFor(2, TimeUnit.SECONDS), "it waits");
    first.destroy();
    assertEquals(0, third.waitFor(), text("err"));
    line.store = store;
    assertEquals("interrupted", document().at("/status").asString());
  }

  @Test
  void aDeviceThatOthersUseIsRefused() throws Exception {
    Path driver = BUILT.resolve("cudasim/libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulated device is built");
    properties.add("gpubench.library.cuda=" + driver);
    properties.add("gpubench.library.nvml=" + BUILT.resolve("cudasim/libnvidia-ml.so.1"));
    environment.put("GPUBENCH_SIM_OCCUPANTS", "4711:python3");
    assertEquals(3, run("--device", "0", "--repetitions", "1").waitFor());
    assertEquals(
        "gpubench: other processes use the device Simulated CUDA device: 4711 (python3); stop them, or"
            + " measure all the same with --anyway",
        text("err").lines().toList().getLast());
    assertEquals(0, run("--device", "0", "--repetitions", "1", "--anyway").waitFor(), text("err"));
    assertEquals(
        "other processes use the device Simulated CUDA device: 4711 (python3)",
        document().at("/conditions/overridden/0").asString());
  }

  @Test
  void workersAreBoundToTheProcessorsNamed() throws Exception {
    int first = CpuSet.allowed().ranges().getFirst().first();
    Process process =
        run("--engine", "java", "--repetitions", "1", "--cpus", "" + first, "--duration", "20s");
    awaitSamples();
    List<Long> bound = new ArrayList<>();
    for (long pid : processes()) {
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      if (status.contains("\nCpus_allowed_list:\t" + first + "\n")) {
        bound.add(pid);
      }
    }
    assertEquals(1, bound.size(), "the worker, and neither its guard nor the run");
    process.destroy();
    process.waitFor();
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
    assertEquals(2, run(all.toArray(String[]::new)).waitFor(), text("err"));
    String error = text("err").lines().toList().getLast();
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

  private Process run(String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dgpubench.home=" + CommandLineFixture.ROOT);
    command.add("-Dgpubench.locks=" + temp.resolve("locks"));
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(GpubenchMain.class.getName());
    command.addAll(List.of("run", "consensus", "--out", line.store.toString()));
    if (List.of(options).contains("--duration")) {
      command.addAll(List.of("--set", "consensus.validators=50000")); // so that it lasts so long
    } else if (Stream.of(options).noneMatch(option -> option.startsWith("consensus."))) {
      command.addAll(List.of("--set", "consensus.validators=100"));
    }
    if (!List.of(options).contains("--duration")) {
      command.addAll(List.of("--samples", "20", "--warmup", "5"));
    }
    command.addAll(List.of(options));
    var builder =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(temp.resolve("out").toFile())
            .redirectError(temp.resolve("err").toFile());
    CommandLineFixture.forget(builder.environment());
    builder.environment().putAll(environment);
    builder.environment().put(MARK, mark);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String text(String file) {
    return CommandLineFixture.read(temp.resolve(file));
  }

  private JsonNode document() {
    return CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
  }

  /** Waits until samples are on the disk. */
  private void awaitSamples() throws Exception {
    while (!hasSamples()) {
      assertTrue(started.getLast().isAlive(), text("err"));
      boolean _ = started.getLast().waitFor(20, TimeUnit.MILLISECONDS);
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

  /** Waits until no process of a run is left; after a kill, its guard sees to that. */
  private void awaitNobody() throws Exception {
    while (!processes().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** The processes that this test's runs have started and that are still there. */
  private Set<Long> processes() throws IOException {
    Set<Long> found = new HashSet<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.toList()) {
        String name = process.getFileName().toString();
        if (name.matches("\\d+") && environment(process).contains(MARK + "=" + mark)) {
          found.add(Long.parseLong(name));
        }
      }
    }
    return found;
  }

  private static String environment(Path process) {
    try {
      return Files.readString(process.resolve("environ"), ISO_8859_1);
    } catch (IOException _) {
      return ""; // it has ended, or is another user's
    }
  }
}
