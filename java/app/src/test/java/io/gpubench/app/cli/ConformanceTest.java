// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Good workers conform, and each kind of bad one is found out by the check that is about it. */
@Timeout(180)
@ExtendWith(RecordedClasses.Ready.class)
class ConformanceTest {
  private static final Path EXAMPLES = CommandLineFixture.ROOT.resolve("examples/engines");
  private static final String PYTHON = EXAMPLES + "/python/consensus_worker.py";

  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.engines = List.of();
  }

  private Answer conformance(String... command) {
    Answer answer =
        line.execute(
            Stream.concat(Stream.of("conformance", "--"), Stream.of(command))
                .toArray(String[]::new));
    boolean there = !answer.err().contains("there is no program 'python3'");
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, answer.err());
    assumeTrue(there, answer.err());
    return answer;
  }

  private static void assertConforms(Answer answer) {
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().endsWith("\nconforms to worker protocol 1\n"), answer.out());
    assertTrue(answer.out().startsWith("ok   hello: "), answer.out());
    assertFalse(answer.out().contains("FAIL"), answer.out());
    assertTrue(answer.out().lines().count() > 30, answer.out());
  }

  @Test
  void theExampleInPythonConforms() {
    assertConforms(conformance("python3", PYTHON));
  }

  @Test
  void theExampleInCppConforms() {
    Path worker = CommandLineFixture.ROOT.resolve("native/build/examples/consensus_worker");
    assumeTrue(Files.isExecutable(worker), "no C++ compiler");
    assertConforms(conformance(worker.toString()));
  }

  @Test
  void anEngineOfOursConforms() {
    assertConforms(conformance(own("java")));
  }

  private static String[] own(String engine) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OwnProcess.FLAGS);
    command.addAll(RecordedClasses.get().flags());
    command.addAll(List.of("-cp", RecordedClasses.get().classPath()));
    command.addAll(List.of(GpubenchMain.class.getName(), "worker", "--engine", engine));
    return command.toArray(String[]::new);
  }

  /**
   * A change of the example in Python.
   *
   * @param check the one that must fail
   */
  record Change(String check, int exit, String from, String to) {}

  private static final String VERSION = "min(PROTOCOL, field(request, \"protocol\", int, 1))";
  private static final String DURATION = "durations.append(end - start)";

  static Stream<Change> changes() {
    return Stream.of(
        new Change("verify", 4, "3 * weight > 2 * self.total", "3 * weight < 2 * self.total"),
        new Change(
            "verify-order",
            4,
            "self.begin = self.rounds[sample % len(self.rounds)]",
            "self.n = getattr(self, 'n', -1) + 1; self.begin = self.rounds[self.n % len(self.rounds)]"),
        new Change("measure-discard", 4, "if sample >= kept_from", "if True"),
        new Change("measure-times", 6, DURATION, "durations.append((end - start) * 1000)"),
        new Change(
            "garbage", 6, "raise Problem(\"request\", \"no JSON: %s\" % e) from e", "os._exit(1)"));
  }

  static Stream<Change> moreChanges() {
    return Stream.of(
        new Change("hello", 6, "{\"protocol\": protocol, ", "{"),
        new Change("hello", 6, VERSION, "PROTOCOL + 1"),
        new Change("workload", 6, "{\"consensus\": {", "{\"tally\": {"),
        new Change("self-check", 6, "\"passed\": not wrong", "\"passed\": bool(wrong)"),
        new Change(
            "telemetry",
            6,
            "lambda _: {}, \"bye\"",
            "lambda _: {\"powerWatts\": \"much\"}, \"bye\""),
        new Change("prepare", 6, "\"clock\": \"host\"", "\"clock\": \"sundial\""),
        new Change(
            "prepare",
            6,
            "\"clock\": \"host\"",
            "\"clock\": \"host\", \"stages\": {\"load\": 10 ** 15}"),
        new Change("verify", 4, "ballot.count(k) < len(ballot)", "len(ballot) > 1"),
        new Change(
            "answers validators=65 tags=siphash",
            4,
            "self.validators + self.validators % 2",
            "self.validators"),
        new Change(
            "verify-order",
            4,
            "self.rounds[sample % len(self.rounds)]",
            "self.rounds[sample if sample < len(self.rounds) else 0]"),
        new Change("measure", 6, "len(starts) < wanted", "len(starts) <= wanted"),
        new Change(
            "measure",
            6,
            "\"durationNanos\": durations, \"digests\": digests",
            "\"durationNanos\": durations, \"digests\": digests[1:]"),
        new Change(
            "measure",
            4,
            "digests.append(digest(run.output))\n            sample",
            "digests.append(digest(b''))\n            sample"),
        new Change("measure-time", 6, "time.perf_counter_ns() < deadline)", "len(starts) < 2)"),
        new Change(
            "measure-least",
            6,
            "time.perf_counter_ns() < deadline)",
            "time.perf_counter_ns() < deadline + 10**9)"),
        new Change(
            "measure-first",
            4,
            "sample = field(request, \"first\", int, 0)",
            "sample = field(request, \"first\", int, 0) % 150"),
        new Change("measure-times", 6, "starts.append(start)", "starts.append(start % 1000)"),
        new Change("measure-times", 6, DURATION, "durations.append(0)"),
        new Change("measure-speed", 6, DURATION, "durations.append(1)"),
        new Change(
            "silence",
            6,
            "replies.write(json.dumps(reply) + \"\\n\")",
            "replies.write(json.dumps(reply) + \"\\n\" + (\"by the way\\n\" if reply[\"type\"] == \"telemetry\" else \"\"))"),
        new Change("protocol-version", 6, VERSION, "1 if request['protocol'] == 1 else 1000"),
        new Change("unknown-type", 6, "return problem.reply", "sys.exit(1)"),
        new Change(
            "unknown-workload",
            6,
            "if paths is None:",
            "if paths is None: return {\"clock\": \"host\"}\n        if paths is None:"),
        new Change(
            "unknown-path",
            6,
            "if workload is None:",
            "if workload is None: raise Problem('engine', 'what?')\n        if workload is None:"),
        new Change(
            "unknown-fields",
            6,
            "def parse(line):",
            "def parse(line):\n    if b'later' in line: line = b'{}'"),
        new Change("bye", 6, "Consensus}}).serve()", "Consensus}}).serve(); sys.exit(5)"),
        new Change("hang-up", 6, "Consensus}}).serve()", "Consensus}}).serve(); time.sleep(60)"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whatIsWrongIsFoundByItsCheck(Change change) throws Exception {
    assertFound(change);
  }

  /** The same for whatever else can be wrong; each takes seconds, all of them minutes. */
  @ParameterizedTest
  @MethodSource("moreChanges")
  @Tag("sweep")
  void whateverIsWrongIsFoundByItsCheck(Change change) throws Exception {
    assertFound(change);
  }

  private void assertFound(Change change) throws Exception {
    String source = Files.readString(Path.of(PYTHON));
    assertTrue(source.contains(change.from), "the example has changed: " + change.from);
    Path worker =
        Files.writeString(temp.resolve("worker.py"), source.replace(change.from, change.to));
    Answer answer = conformance("python3", worker.toString());
    assertEquals(change.exit, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().contains("FAIL " + change.check + ": "), answer.out());
    assertTrue(answer.out().contains("\n       expected: "), answer.out());
    assertTrue(answer.out().contains("\n       see: configs/engines/README.md, '"), answer.out());
    assertTrue(answer.out().matches("(?s).*\n\\d+ of \\d+ checks failed[^\n]*\n"), answer.out());
  }

  @Test
  void theReportIsJsonToo() {
    Answer answer =
        line.execute(
            "conformance",
            "--format",
            "json",
            "--timeout",
            "10s",
            "--",
            "sh",
            "-c",
            "read -r _; echo what?; cat");
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = CommandLineFixture.json(answer.out());
    assertFalse(report.get("conforms").asBoolean());
    assertEquals("sh", report.at("/command/0").asString());
    JsonNode hello = report.at("/checks/0");
    assertEquals("hello", hello.get("name").asString());
    assertEquals("failed", hello.get("result").asString());
    assertEquals("what?", hello.get("received").asString());
    assertTrue(hello.get("expected").asString().contains("belongs on stderr"), hello.toString());
    assertEquals("skipped", report.at("/checks/1/result").asString());
  }

  @Test
  void whatCannotBeStartedIsOneLine() {
    Answer answer = conformance("no-such-program");
    assertEquals(3, answer.exit());
    assertEquals("", answer.out());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().contains("no-such-program"), answer.err());
    assertEquals(2, line.execute("conformance").exit());
    assertEquals(2, line.execute("conformance", "--workload", "consensu", "--", "true").exit());
    assertEquals(2, line.execute("conformance", "--timeout", "soon", "--", "true").exit());
  }
}
