// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ValidateCommandTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              CommandLineFixture.json(
                  CommandLineFixture.read(
                      CommandLineFixture.ROOT.resolve("configs/schemas/validation.schema.json"))));
  private static final String CLAIM =
      """
      schema: 1
      description: For a test.
      claims:
        - id: quick
          statement: it is quick
          source: somebody
          workload: consensus
          engine: fake
          set: {validators: 4}
          metric: latency.median
          target: {value: 10, unit: s}
          direction: atMost
          minimumSamples: 10
      """;

  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(temp.resolve("mine.yaml"), yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Answer validate(String yaml, String... more) {
    var args =
        new ArrayList<>(
            List.of("validate", file(yaml).toString(), line.profile(), "--out=" + line.store));
    args.addAll(List.of(more));
    if (args.contains("--from")) {
      args.remove("--out=" + line.store);
    }
    return line.execute(args.toArray(String[]::new));
  }

  private static JsonNode valid(Answer answer) {
    JsonNode report = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), SCHEMA.validate(report));
    return report;
  }

  @Test
  void oneProcessIsNotEnough() {
    Answer answer = validate(CLAIM, "--format", "json");
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("Inconclusive", report.at("/claims/0/verdict").asString());
    assertEquals(
        "1 process, and a bound at confidence 0.95 needs 5",
        report.at("/claims/0/reason").asString());
    assertTrue(report.at("/claims/0/estimate").isNumber());
    assertTrue(report.at("/claims/0/upper").isNull());
    assertEquals(line.onlyRun().toString(), report.at("/claims/0/run").asString());
    assertEquals(0, validate(CLAIM, "--on-inconclusive", "pass").exit());
    assertEquals(5, validate(CLAIM, "--on-inconclusive", "fail").exit());
  }

  /** Of a target that is far away nothing would be left in the target's own unit. */
  @Test
  void smallTimesKeepTheirFigures() {
    String row =
        validate(CLAIM)
            .out()
            .lines()
            .filter(text -> text.contains("<= 10.00 s"))
            .findFirst()
            .orElse("");
    assertTrue(row.matches(".* [1-9][\\d.]* (ns|us|ms)  +none .*"), row);
  }

  @Test
  void whatTwoClaimsNeedIsMeasuredOnceAndAsTheMoreDemandingAsks() {
    String second =
        CLAIM
            .substring(CLAIM.indexOf("  - id"))
            .replace("id: quick", "id: many")
            .replace("latency.median", "throughput.messages")
            .replace("{value: 10, unit: s}", "{value: 1, unit: ops/s}")
            .replace("minimumSamples: 10", "minimumSamples: 25");
    JsonNode report = valid(validate(CLAIM + second, "--format", "json"));
    assertEquals(2, report.at("/claims").size());
    assertEquals(report.at("/claims/0/record"), report.at("/claims/1/record"));
    assertTrue(report.at("/claims/0/samples").asInt() >= 25);
    JsonNode run =
        CommandLineFixture.json(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertEquals(1, run.at("/records").size());
    assertEquals(25, run.at("/planned/0/effort/stoppingRule/minSamples").asInt());
  }

  @Test
  void everyFormatSaysTheSame() {
    assertTrue(
        validate(CLAIM).out().contains("0 Supported, 0 Refuted, 1 Inconclusive, 0 NotTested\n"));
    assertTrue(validate(CLAIM, "--format", "csv").out().contains(",Inconclusive,"));
    assertTrue(
        validate(CLAIM, "--format", "markdown").out().contains("0 passed, 0 failed, 1 open"));
    assertTrue(validate(CLAIM, "--format", "junit").out().contains("skipped=\"1\""));
  }

  @Test
  void hardwareThatIsNotThereIsNotTestedAndNothingIsMeasured() {
    Answer answer = validate(CLAIM + "    requires: {hardware: gpu}\n", "--format", "json");
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("NotTested", report.at("/claims/0/verdict").asString());
    assertTrue(
        report.at("/claims/0/reason").asString().startsWith("it needs a GPU, and the engine fake"),
        answer.out());
    assertTrue(report.at("/runs").isEmpty());
    assertFalse(Files.exists(line.store));
  }

  @Test
  void anEngineThatDoesNotWorkIsNotTested() {
    line.engines = List.of(FakeEngine.missing("fake"));
    Answer answer = validate(CLAIM, "--format", "json");
    assertEquals(6, answer.exit(), answer.err());
    assertEquals("NotTested", valid(answer).at("/claims/0/verdict").asString());
  }

  @Test
  void otherEnginesThanAskedForAreNotTested() {
    line.engines = List.of(FakeEngine.passing("fake"), FakeEngine.passing("other"));
    Answer answer = validate(CLAIM, "--engine", "other");
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(
        answer
            .out()
            .contains("NotTested: the claim is about the engine fake, and --engine asks for other"),
        answer.out());
  }

  @Test
  void storedRunsAreJudgedWhereTheyVerify() throws IOException {
    line.run();
    Path run = line.onlyRun();
    Answer answer = validate(CLAIM, "--from", run.toString(), "--format", "json");
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("Inconclusive", report.at("/claims/0/verdict").asString());
    assertEquals(1, report.at("/claims/0/processes").asInt());
    line.onlyRun(); // nothing was measured

    Path json = run.resolve("run.json");
    Files.writeString(json, Files.readString(json).replace("\"default\"", "\"other\"") + " ");
    Answer edited = validate(CLAIM, "--from", run.toString());
    assertEquals(7, edited.exit(), edited.out());
    assertTrue(edited.out().contains("NotTested: the evidence does not verify: "), edited.out());
  }

  @Test
  void listMeasuresNothing() {
    Answer answer = validate(CLAIM, "--list");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("at most 10 s"), answer.out());
    assertFalse(Files.exists(line.store));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workload: consensus | workload: consenus | :7: claims[0].workload: unknown workload 'consenus'; did you mean 'consensus'?",
        "validators: | validatrs: | :9: claims[0].set.validatrs: unknown parameter 'validatrs'; did you mean 'validators'?",
        "validators: 4 | validators: 3 | :9: claims[0].set.validators: 3 is out of range; expected 4 .. 1048576",
        "latency.median | throughput.mesages | :10: claims[0].metric: unknown unit of work 'mesages'; did you mean 'messages'? of consensus"
      })
  void mistakesAreFoundBeforeAnythingIsMeasured(String replaced, String by, String error) {
    String yaml = CLAIM.replace(replaced, by);
    if (by.startsWith("throughput")) {
      yaml = yaml.replace("unit: s}", "unit: ops/s}");
    }
    Answer answer = validate(yaml);
    assertEquals(2, answer.exit());
    assertEquals("gpubench: " + temp.resolve("mine.yaml") + error + "\n", answer.err());
    assertEquals("", answer.out());
  }

  @Test
  void unknownNames() {
    assertEquals(
        "gpubench: --claim: unknown claim 'quik'; did you mean 'quick'?\n",
        validate(CLAIM, "--claim", "quik").err());
    assertEquals(
        "gpubench: unknown file of claims 'relativ'; did you mean 'relative'?\n",
        line.execute("validate", "relativ").err());
    assertEquals(
        "gpubench: unknown engine 'fak'; did you mean 'fake'?\n",
        validate(CLAIM, "--engine", "fak").err());
    assertEquals(2, validate(CLAIM, "--from", temp.resolve("none").toString()).exit());
    assertEquals(
        "gpubench: --repetitions has no effect with --from, which measures nothing; leave it out\n",
        validate(CLAIM, "--from", "x", "--repetitions", "1").err());
  }
}
