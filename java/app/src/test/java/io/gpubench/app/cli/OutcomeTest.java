// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.result.RunReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of a run: its record, its exit code, and the same from every way of looking at it.
 */
class OutcomeTest {
  private static final String TWO = "consensus.validators=4,5";

  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    engine = FakeEngine.passing("fake");
    line.engines = List.of(engine);
  }

  @Test
  void measured() {
    JsonNode run = whole(line.run("--set", TWO, "--format", "json"), 0, "complete");
    assertEquals(2, run.at("/records").size());
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertEquals("run", run.at("/argv/0").asString());
  }

  @Test
  void aWrongAnswerIsIncorrectAndTheSuiteGoesOn() {
    var runs = new AtomicInteger();
    engine.preparing = runs::incrementAndGet;
    engine.right = sample -> runs.get() > 1 || sample < 8;
    JsonNode run = whole(line.run("--set", TWO, "--format", "json"), 4, "complete");
    assertEquals("Incorrect", run.at("/records/0/outcome").asString());
    assertTrue(
        run.at("/records/0/reason").asString().matches("sample \\d+: word 3 is 7, expected 8"));
    assertEquals(0, run.at("/records/0/sampleCount").asInt());
    assertTrue(run.at("/records/0/statistics").isNull());
    assertEquals("Measured", run.at("/records/1/outcome").asString());
  }

  @Test
  void anEngineThatFailsHalfWayKeepsItsSamples() throws IOException {
    // after the longest warm-up, which is 15 % of the time, and long before its end
    var opened = new AtomicLong();
    engine.preparing = () -> opened.set(System.nanoTime());
    engine.work =
        _ -> {
          if (System.nanoTime() - opened.get() > 600_000_000) {
            throw new EngineException("the device is lost");
          }
        };
    JsonNode run =
        whole(
            line.run("--samples", "1000000", "--duration", "2s", "--format", "json"),
            3,
            "complete");
    assertEquals("Failed", run.at("/records/0/outcome").asString());
    assertEquals("the device is lost", run.at("/records/0/reason").asString());
    int kept = run.at("/records/0/sampleCount").asInt();
    assertTrue(kept > 0, "kept " + kept);
    Path samples = line.onlyRun().resolve(run.at("/records/0/processes/0/samples").asString());
    assertEquals(1 + kept, Files.readAllLines(samples).size());
  }

  @Test
  void whatTheEngineHasNotIsSkippedAndTheSuiteGoesOn() {
    engine.preparing =
        () -> {
          if (engine.prepared == 1) {
            throw new EngineException(
                EngineException.Kind.ABSENT, "no second device", "add one", null);
          }
        };
    Answer answer = line.run("--set", TWO, "--format", "json");
    JsonNode run = whole(answer, 6, "complete");
    assertEquals("Skipped", run.at("/records/0/outcome").asString());
    assertEquals("no second device; add one", run.at("/records/0/reason").asString());
    assertTrue(run.at("/records/0/processes/0/failure").isNull());
    assertTrue(run.at("/records/0/statistics").isNull());
    assertEquals("Measured", run.at("/records/1/outcome").asString());
    assertTrue(answer.err().contains("Skipped: no second device; add one\n"), answer.err());
    String directory = line.onlyRun().toString();
    Answer table = line.execute("show", directory);
    assertTrue(table.out().contains("Skipped *\n"), table.out());
    assertTrue(table.out().contains("no second device; add one"), table.out());
    Answer verified = line.execute("verify", directory);
    assertEquals(0, verified.exit(), verified.out() + verified.err());
    engine.prepared = 0;
    Answer again =
        line.execute("replay", directory, "--anyway", "--out", temp.resolve("again").toString());
    assertEquals(6, again.exit(), again.out() + again.err());
    assertTrue(again.out().contains("Skipped"), again.out());
  }

  @Test
  void anImplausibleTimeIsRejected() {
    engine.physicalOperationsPerSecond = 1;
    JsonNode run = whole(line.run("--format", "json"), 6, "complete");
    assertEquals("Rejected", run.at("/records/0/outcome").asString());
    assertTrue(run.at("/records/0/statistics").isObject());
  }

  @Test
  void aBugIsOneLineAndATraceOnRequest() {
    engine.work =
        sample -> {
          if (sample >= 10) {
            throw new IllegalStateException("this cannot be");
          }
        };
    Answer answer = line.run();
    String message = "gpubench: internal error: java.lang.IllegalStateException: this cannot be";
    assertEquals(1, answer.exit());
    assertEquals("", answer.out());
    assertTrue(
        answer.err().endsWith("\n" + message + "; please report it with the output of --verbose\n"),
        answer.err());
    assertEquals(1, engine.closed);
    Answer verbose = line.run("--verbose");
    assertEquals(1, verbose.exit());
    assertTrue(
        verbose.err().contains(message + "\njava.lang.IllegalStateException"), verbose.err());
    assertTrue(verbose.err().contains("\tat io.gpubench.app.cli.OutcomeTest"), verbose.err());
  }

  @Test
  void aBrokenAssertionIsABugToo() {
    engine.work =
        _ -> {
          throw new AssertionError("never");
        };
    Answer answer = line.run();
    assertEquals(1, answer.exit());
    assertEquals(
        "gpubench: internal error: java.lang.AssertionError: never; please report it with the output"
            + " of --verbose",
        answer.err().lines().toList().getLast());
  }

  @Test
  void aStoreThatFailsSavesTheLastRecordElsewhere() throws IOException {
    engine.preparing = () -> replaceByAFile(line.onlyRun().resolve("histograms"), 2);
    engine.right = sample -> engine.prepared > 1 || sample < 8;
    Answer answer = line.run("--set", TWO);
    String error = answer.err().lines().toList().getLast();
    String begin =
        "gpubench: cannot write to "
            + line.onlyRun()
            + ": Not a directory; finished records are kept there; the last one was saved to ";
    String end = "; free space or choose another store with --out";
    assertTrue(error.startsWith(begin) && error.endsWith(end), answer.err());
    Path rescue = Path.of(error.substring(begin.length(), error.length() - end.length()));
    try {
      var saved = RunReader.read(rescue);
      assertEquals("failed", saved.status());
      assertEquals("Measured", saved.records().getLast().outcome());
      assertTrue(
          Files.exists(rescue.resolve(saved.records().getLast().processes().getLast().samples())));
    } finally {
      delete(rescue.getParent());
    }
    assertTrue(answer.out().contains(": suite consensus, profile instant, failed (cannot write"));
    assertTrue(answer.out().contains("  Incorrect *\n"), answer.out());
    assertTrue(answer.out().contains("  Measured\n"), answer.out());
    assertEquals(4, answer.exit(), "a wrong answer weighs more than a full disk");
    assertEquals(4, line.execute("show", line.onlyRun().toString()).exit());
  }

  @Test
  void aStoreThatFailsIsExit3() {
    engine.preparing = () -> replaceByAFile(line.onlyRun().resolve("samples"), 2);
    Answer answer = line.run("--set", TWO);
    assertEquals(3, answer.exit());
    assertTrue(
        answer.err().contains("; finished records are kept there; no sample of the next one"),
        answer.err());
    assertTrue(answer.out().contains(", clock host; all Measured\n"), answer.out());
    Answer shown = line.execute("show", line.onlyRun().toString());
    assertEquals(3, shown.exit(), "what was measured is right, but the run did not end well");
    assertEquals(answer.out(), shown.out());
  }

  private void replaceByAFile(Path folder, int atRun) {
    if (engine.prepared == atRun) {
      try {
        delete(folder);
        Files.createFile(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aTableShownAgainIsTheSameTable() {
    Answer table = line.run("--set", TWO);
    Answer again = line.execute("show", line.onlyRun().toString());
    assertEquals(new Answer(0, table.out(), ""), again);
    assertTrue(table.err().endsWith("\nevidence: " + line.onlyRun() + ", sealed\n"), table.err());
  }

  @Test
  void csvIsOneHeaderAndOneRowARecord() {
    Answer csv = line.run("--set", "consensus.validators=4,5,6", "--format", "csv");
    assertEquals(0, csv.exit());
    List<String> lines = csv.out().lines().toList();
    assertEquals(4, lines.size(), csv.out());
    assertTrue(lines.getFirst().startsWith("run,id,workload,engine,path,consensus.validators,"));
    String run = line.onlyRun().getFileName().toString();
    IntStream.range(1, 4)
        .forEach(i -> assertTrue(lines.get(i).startsWith(run + ",consensus-fake")));
    assertFalse(csv.out().contains("\r"));
    assertTrue(csv.err().contains("[3/3] consensus on fake (call) validators=6 "), csv.err());
    assertEquals(csv.out(), line.execute("show", line.onlyRun().toString(), "--format=csv").out());
  }

  @Test
  void runsAreListed() {
    assertEquals(
        new Answer(0, "no runs in " + line.store + "\n", ""),
        line.execute("list", "runs", "--out", line.store.toString()));
    line.run("--set", TWO);
    List<String> lines =
        line.execute("list", "runs", "--out", line.store.toString()).out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.getLast().matches("\\d{8}T\\d{6}Z-consensus-[0-9a-f]{6}  complete      2/2"));
  }

  @Test
  void aPlanMeasuresNothing() {
    Answer answer =
        line.execute("plan", "--set", TWO, "--duration", "3s", "--set=consensus.tags=none");
    assertEquals(0, answer.exit());
    assertEquals("", answer.err());
    List<String> lines = answer.out().lines().toList();
    assertEquals("engine fake: fake fake (best that passes its self-check)", lines.getFirst());
    assertEquals("2 runs, at most 8s in all (profile quick)", lines.get(lines.size() - 2));
    assertEquals("each process measures for 3s, 100,000 samples at most", lines.getLast());
    assertEquals(6, lines.size(), answer.out());
    assertEquals(0, engine.prepared);
    assertTrue(Files.notExists(line.store));
    assertTrue(Files.notExists(Path.of("results")));
  }

  /** Checks what every run has in common; returns its document. */
  private JsonNode whole(Answer answer, int exit, String status) {
    assertEquals(exit, answer.exit(), answer.err());
    JsonNode run = CommandLineFixture.validRun(answer.out());
    assertEquals(status, run.at("/status").asString());
    Path directory = line.onlyRun();
    assertEquals(directory.getFileName().toString(), run.at("/id").asString());
    assertEquals(answer.out(), CommandLineFixture.read(directory.resolve("run.json")));
    Answer shown = line.execute("show", directory.toString(), "--format", "json");
    assertEquals(new Answer(exit, answer.out(), ""), shown);
    assertTrue(answer.err().contains("\n[1/"), answer.err());
    assertTrue(answer.err().endsWith("\nevidence: " + directory + ", sealed\n"), answer.err());
    return run;
  }
}
