// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The gate against recorded baselines, measured by fake engines in this process. */
class GateCommandTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;
  private Path baselines;

  @BeforeEach
  void open() throws IOException {
    line = new CommandLineFixture(temp);
    engine = FakeEngine.passing("fake");
    line.engines = List.of(engine);
    baselines = Files.createDirectories(temp.resolve("some/baselines"));
  }

  private Answer gate(String... more) {
    var args = new ArrayList<>(List.of("gate", "--in-process", line.profile(), "--anyway"));
    if (Stream.of(more).noneMatch(arg -> arg.startsWith("--baseline"))) {
      args.add("--baseline=" + baselines);
    }
    if (Stream.of(more).noneMatch(arg -> arg.startsWith("--set"))) {
      args.add("--set=consensus.validators=4");
    }
    args.addAll(List.of("--out", line.store.toString(), "consensus"));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }

  private void update() {
    Answer kept = gate("--update", "--dirty");
    assertEquals(0, kept.exit(), kept.out() + kept.err());
    assertTrue(kept.out().contains("\nkept, in "), kept.out());
  }

  @Test
  void withoutABaselineNothingIsMeasured() {
    Answer first = gate();
    assertEquals(6, first.exit(), first.err());
    assertTrue(first.out().contains("\nno baseline, in "), first.out());
    assertTrue(
        first.out().contains("; --update measures one and keeps it\n"), first.out() + first.err());
    assertFalse(Files.exists(line.store));
    assertEquals(0, gate("--on-inconclusive=pass").exit());
    assertEquals(5, gate("--on-inconclusive=fail").exit());
    assertEquals("no baseline", json(6, gate("--format=json")).path("decision").asString());
    assertTrue(gate("--format=junit").out().contains("<skipped"));
  }

  @Test
  void aBaselineIsKeptByMachineAndName() throws Exception {
    update();
    Path machine = machine();
    assertTrue(machine.getFileName().toString().matches("processors-.*-[0-9a-f]{8}"), "" + machine);
    Path first = CommandLineFixture.onlyEntry(machine.resolve("default"));
    assertEquals(0, line.execute("verify", first.toString()).exit());
    update();
    Path second = CommandLineFixture.onlyEntry(machine.resolve("default"));
    assertNotEquals(first, second, "the one before has gone");
    assertEquals(0, gate("--update", "--dirty", "--name=other").exit());
    assertEquals(2, entries(machine));
    assertEquals(2, gate("--name=no/name").exit());
  }

  /** A single process of each side tells nothing. */
  @Test
  void aFreshRunIsCompared() {
    update();
    Answer answer = gate();
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\ninconclusive: 1 open, in "), answer.out());
    JsonNode report = json(6, gate("--format=json"));
    assertEquals("recorded", report.path("mode").asString());
    assertEquals("median", report.at("/cases/0/metric").asString());
    assertTrue(report.at("/cases/0/newNanos").asDouble() > 0);
    assertTrue(report.path("notes").size() > 1, report.toString());
    assertEquals(1, report.path("evidence").size());
    Answer csv = gate("--format=csv");
    assertEquals(2, csv.out().lines().count(), csv.out());
    assertTrue(gate("--format=markdown").out().contains("| open | consensus |"));
  }

  @Test
  void aRunDirectoryIsABaselineToo() {
    assertEquals(0, line.run().exit());
    Path run = line.onlyRun();
    assertEquals(6, gate("--baseline=" + run).exit());
    assertEquals(6, gate("--baseline=" + run.resolve("run.json")).exit());
    assertOneLine("--update: --baseline " + run, gate("--update", "--baseline=" + run));
  }

  @Test
  void whatIsOfSomethingElseIsRefusedWithTheDifferences() {
    update();
    assertOneLine("consensus.validators 4, now 5; ", gate("--set=consensus.validators=5"));
    assertOneLine("consensus.seed 1, now 7; ", gate("--seed=7"));
    line.engines = List.of(FakeEngine.passing("other"));
    assertOneLine("consensus.engine fake, now other; ", gate());
    assertEquals(1, entries(line.store), "nothing was measured but the baseline");
  }

  @Test
  void whatWasChangedIsNoBaseline() throws Exception {
    update();
    Path run = CommandLineFixture.onlyEntry(machine().resolve("default"));
    Path file = run.resolve("run.json");
    Files.writeString(file, Files.readString(file).replace("\"quick\"", "\"slow\"") + " ");
    Answer answer = gate("--format=json");
    assertEquals(7, answer.exit(), answer.out() + answer.err());
    assertEquals("unverified", json(7, answer).at("/cases/0/outcome").asString());
  }

  @Test
  void aWrongAnswerFailsWhateverTheTimes() {
    update();
    engine.right = _ -> false;
    JsonNode report = json(4, gate("--format=json", "--on-inconclusive=pass"));
    assertEquals("failed", report.path("decision").asString());
    assertEquals("incorrect", report.at("/cases/0/outcome").asString());
    assertTrue(gate("--format=junit").out().contains("<failure message=\"Incorrect"));
    assertEquals(4, gate("--update", "--dirty").exit());
    engine.right = _ -> true;
    assertEquals(6, gate().exit(), "the good baseline is still there");
  }

  @Test
  void whatNoLongerWorksFails() {
    update();
    engine.preparing =
        () -> {
          throw new EngineException("out of order");
        };
    JsonNode report = json(3, gate("--format=json", "--on-inconclusive=pass"));
    assertEquals("failed", report.at("/cases/0/outcome").asString());
    assertEquals(3, gate("--update", "--dirty").exit());
  }

  @Test
  void syntheticTimesAreNoBaselineUnlessTheyAreMeant() {
    engine.synthetic = true;
    Answer answer = gate("--update", "--dirty");
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(answer.out().contains("not kept: 1 open"), answer.out());
    assertEquals(6, gate("--update", "--dirty", "--on-inconclusive=pass").exit());
    assertEquals(0, entries(baselines));
  }

  @Test
  void whatTheTimeDoesNotAllowIsInconclusive() {
    update();
    JsonNode report = json(6, gate("--format=json", "--max-time=1ns"));
    assertEquals("the time of 1ns was up", report.at("/cases/0/reason").asString());
    assertFalse(report.path("interrupted").asBoolean());
  }

  @Test
  void p95IsNotJudgedWithoutACalibration() {
    update();
    String state = "--state=" + temp.resolve("state");
    JsonNode report = json(6, gate("--format=json", "--tolerance=p95=10%", state, "--engine=fake"));
    JsonNode last = report.at("/cases").get(report.at("/cases").size() - 1);
    assertTrue(last.path("metric").isNull());
    assertEquals(0, report.path("evidence").size());
    assertTrue(last.path("reason").asString().contains("not calibrated"), last.toString());
  }

  @Test
  void mistakesAreOneLine() {
    assertOneLine("--tolerance: median=0.00 %: expected more than 0", gate("--tolerance=0"));
    assertOneLine("--max-time: '3' is not a duration", gate("--max-time=3"));
    assertOneLine("--baseline 'HAED': expected a commit of ", gate("--baseline=HAED"));
    assertOneLine("--baseline 'HAED': expected a commit of ", gate("--baseline=HAED", "--update"));
    assertOneLine("--baseline 'no/where': expected a commit of ", gate("--baseline=no/where"));
    assertOneLine("--baseline '': expected a commit of ", gate("--baseline="));
    line.environment.put("GPUBENCH_BASELINE", "no/where");
    assertEquals(2, line.execute("gate", "consensus", "--on-inconclusive=pass").exit());
    line.environment.clear();
    assertOneLine("--dirty has no effect without --update; leave it out", gate("--dirty"));
    assertOneLine(
        "--tolerance has no effect with --update; leave it out",
        gate("--update", "--tolerance=3%"));
    assertOneLine(
        "--name has no effect on a live gate; leave it out",
        gate("--baseline=" + line.home, "--name=x"));
    assertOneLine(
        "--update keeps what is measured here, and --baseline " + line.home + " is another version",
        gate("--baseline=" + line.home, "--update"));
    assertOneLine(
        " is measured live, in workers, and --in-process has none; leave it out",
        gate("--baseline=" + line.home));
    assertEquals(0, engine.opened);
    assertFalse(Files.exists(line.store));
  }

  /** The only machine of which there are baselines. */
  private Path machine() {
    try (Stream<Path> all = Files.list(baselines)) {
      return all.filter(Files::isDirectory).reduce((_, _) -> null).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long entries(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertOneLine(String part, Answer answer) {
    assertEquals(2, answer.exit(), answer.out() + answer.err());
    assertEquals("", answer.out());
    String last = answer.err().lines().reduce("", (_, text) -> text);
    assertTrue(last.startsWith("gpubench: ") && last.contains(part), answer.err());
  }

  private static JsonNode json(int exit, Answer answer) {
    assertEquals(exit, answer.exit(), answer.out() + answer.err());
    JsonNode report = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), SchemaHolder.READ.validate(report));
    assertEquals(exit, report.path("exitCode").asInt());
    return report;
  }

  /** Read when it is first needed. */
  private static final class SchemaHolder {
    static final Schema READ =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                CommandLineFixture.json(
                    CommandLineFixture.read(
                        CommandLineFixture.ROOT.resolve("configs/schemas/gate.schema.json"))));
  }
}
