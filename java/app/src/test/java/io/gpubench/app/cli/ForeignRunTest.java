// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.plugins.Contents;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Seal;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole runs with engines in other languages, in processes of their own. */
@Timeout(120)
class ForeignRunTest {
  private static final Path PYTHON =
      CommandLineFixture.ROOT.resolve("examples/engines/python/consensus_worker.py");

  @TempDir private Path temp;
  private Path home;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    home = CommandLineFixture.ROOT;
    line = new CommandLineFixture(temp);
  }

  private Answer execute(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var app =
        new App(
            home,
            Contents.of(() -> List.of(new ConsensusWorkload()), BuiltIn::engines),
            Map.of(),
            new Terminal(false, false),
            new PrintWriter(out),
            new PrintWriter(err));
    int exit = GpubenchMain.execute(app, args);
    return new Answer(exit, out.toString(), err.toString());
  }

  private Answer run(String engine, String... more) {
    Stream<String> usual =
        Stream.of(
            "run",
            "consensus",
            line.profile(),
            "--repetitions=2",
            "--duration=200ms",
            "--set=consensus.validators=65",
            "--engine=" + engine,
            "--out=" + line.store);
    return execute(Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-python", "example-cpp"})
  void theExamplesAreMeasured(String engine) throws Exception {
    Answer answer = run(engine, "--format=json");
    boolean there = !answer.err().contains("cannot start the worker");
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, answer.err());
    assumeTrue(there, answer.err());
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = CommandLineFixture.validRun(answer.out());
    assertEquals("complete", run.at("/status").asString());
    JsonNode choice = run.at("/engines/0");
    assertEquals(engine, choice.get("id").asString());
    assertTrue(choice.get("command").get(0).asString().matches("python3|.*consensus_worker"));
    String hash = Manifest.Entry.of(home, "configs/engines/" + engine + ".yaml").sha256();
    assertEquals(hash, choice.at("/description/engineFileSha256").asString());
    assertTrue(
        Seal.read(line.onlyRun())
            .orElseThrow()
            .manifest()
            .kernels()
            .contains(new Manifest.Kernel(engine, "engineFile", hash)));
    JsonNode record = run.at("/records/0");
    assertEquals("Measured", record.get("outcome").asString(), record.toString());
    assertEquals(engine, record.get("engine").asString());
    assertEquals("call", record.get("path").asString());
    assertEquals("host", record.get("clock").asString());
    assertEquals(2, record.get("processes").size());
    JsonNode verification = record.get("verification");
    assertEquals("ConsensusOracle", verification.get("oracle").asString());
    assertEquals(1, verification.get("shareChecked").asInt());
    assertEquals(0, verification.get("answersWrong").asInt());
    assertTrue(
        verification.get("answersRight").asLong() > record.get("sampleCount").asLong(),
        "warm-up counts too: " + record);
    Answer table = execute("show", line.onlyRun().toString());
    assertEquals(0, table.exit());
    assertTrue(table.out().contains("\nconsensus on " + engine + ", path call; "), table.out());
    assertTrue(table.out().contains("all Measured"), table.out());
  }

  /** A configuration with one engine, the example in Python after a change. */
  private void wrong(String engine, String from, String to) throws IOException {
    home = Files.createDirectory(temp.resolve("home"));
    Path configs = Files.createDirectory(home.resolve("configs"));
    Path real = CommandLineFixture.ROOT.resolve("configs");
    for (String part : List.of("schemas", "profiles", "suites")) {
      Files.createSymbolicLink(configs.resolve(part), real.resolve(part));
    }
    String source = Files.readString(PYTHON);
    assertTrue(source.contains(from), "the example has changed: " + from);
    Path engines = Files.createDirectory(configs.resolve("engines"));
    Files.writeString(engines.resolve("worker.py"), source.replace(from, to));
    Files.writeString(
        engines.resolve(engine + ".yaml"),
        """
        schema: 1
        command: [python3, worker.py]
        workloads: {consensus: [call]}
        """);
  }

  private JsonNode firstRecord(Answer answer, int exit) {
    assumeTrue(!answer.err().contains("cannot start the worker"), answer.err());
    assertEquals(exit, answer.exit(), answer.err());
    return CommandLineFixture.validRun(answer.out()).at("/records/0");
  }

  @Test
  void aWrongAnswerIsIncorrect() throws Exception {
    wrong("hasty", "return {\"digests\": digests}", "return {\"digests\": digests[::-1]}");
    JsonNode record = firstRecord(run("hasty", "--format=json"), 4);
    assertEquals("Incorrect", record.get("outcome").asString());
    assertTrue(record.get("reason").asString().startsWith("sample 0: "), record.toString());
    assertEquals(1, record.get("processes").size(), "a wrong answer is not asked for again");
  }

  @Test
  void aLateWrongAnswerIsIncorrectToo() throws Exception {
    wrong(
        "lazy",
        "run.stage(sample)\n            start =",
        "run.stage(min(sample, 9))\n            start =");
    JsonNode record = firstRecord(run("lazy", "--format=json"), 4);
    assertEquals("Incorrect", record.get("outcome").asString());
    assertTrue(
        record.get("reason").asString().matches("sample \\d{2,}, slot \\d+: digest .*"),
        record.toString());
    assertEquals(0, record.get("sampleCount").asInt());
  }

  @Test
  void aWorkerThatDiesHasFailed() throws Exception {
    wrong(
        "frail",
        "def measure(self, request):",
        "def measure(self, request):\n        sys.exit('no more')");
    JsonNode record = firstRecord(run("frail", "--format=json"), 3);
    assertEquals("Failed", record.get("outcome").asString());
    JsonNode failure = record.at("/processes/0/failure");
    assertEquals("crash", failure.get("kind").asString());
    assertEquals("measure", failure.get("step").asString());
    assertEquals("no more", failure.get("stderr").asString());
  }
}
