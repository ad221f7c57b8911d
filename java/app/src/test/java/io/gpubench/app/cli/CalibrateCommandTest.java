// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.report.CalibrationReport;
import io.gpubench.measure.calibrate.Calibrations;
import io.gpubench.measure.calibrate.KeptCalibrations;
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

/** In this process, with an engine that does next to nothing: no verdict is expected of it. */
class CalibrateCommandTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private Path state;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.engines = List.of(FakeEngine.passing("fake"));
    state = temp.resolve("state");
  }

  private Answer calibrate(String... more) {
    var all =
        new ArrayList<>(
            List.of("calibrate", "--engine=fake", "--in-process", "--anyway", line.profile()));
    all.addAll(List.of("--set=consensus.validators=4", "--samples=20"));
    all.addAll(List.of("--out", line.store.toString(), "--state", state.toString()));
    all.addAll(List.of(more));
    return line.execute(all.toArray(String[]::new));
  }

  private static JsonNode valid(String text) {
    JsonNode json = CommandLineFixture.json(text);
    Path schema = CommandLineFixture.ROOT.resolve("configs/schemas/calibration.schema.json");
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CommandLineFixture.json(CommandLineFixture.read(schema)))
            .validate(json));
    return json;
  }

  @Test
  void gatesArePlayedCountedAndKept() throws IOException {
    Answer answer =
        calibrate(
            "--gates=1", "--injected=1", "--slowdown=100%", "--order-seed=5", "--format=json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode json = valid(answer.out());
    JsonNode one = json.at("/calibrations/0");
    assertEquals("consensus", one.at("/subject/workload").asString());
    assertEquals("complete", one.at("/ended").asString());
    assertEquals(1, one.at("/falseAlarms/rate/gates").asInt());
    assertEquals(59, one.at("/falseAlarms/gatesNeeded").asInt(), "unless it was a false alarm");
    assertEquals(1, one.at("/injected/rate/gates").asInt());
    assertEquals(2, one.at("/gates").size());
    int duets = 0;
    for (JsonNode gate : one.at("/gates")) {
      Path run = line.store.resolve(gate.at("/run").asString());
      assertTrue(Files.exists(run), run.toString());
      JsonNode document =
          CommandLineFixture.validRun(CommandLineFixture.read(run.resolve("run.json")));
      assertEquals("calibrate", document.at("/suite").asString());
      boolean slow = gate.has("slowSide");
      assertEquals(slow, document.at("/conditions/notes").toString().contains("slowed down on"));
      if (slow) {
        int index = gate.at("/slowSide").asString().equals("a") ? 0 : 1;
        assertEquals(2.0, document.at("/records/" + index + "/configuration/slowdown").asDouble());
        assertFalse(document.at("/records/" + (1 - index) + "/configuration").has("slowdown"));
        assertEquals(2, document.at("/engines").size());
        assertEquals(2.0, document.at("/engines/" + index + "/slowdown").asDouble());
        Answer shown = line.execute("show", run.toString());
        assertTrue(shown.out().contains("SLOWED DOWN on purpose, by slowdown=2.0"), shown.out());
      }
      assertEquals(0, line.execute("verify", run.toString()).exit());
      duets += slow ? 0 : gate.at("/duets").size();
    }
    assertEquals(duets, one.at("/spreads/p95/duets").asInt());
    Path kept = state.resolve("calibrations/processors.json");
    if (Files.exists(kept)) { // hardware that a fake stands for has no name
      assertEquals(json, CommandLineFixture.json(CommandLineFixture.read(kept)));
    }
    Answer absent = line.execute("calibrate", "--from", "/nowhere");
    assertEquals(
        new Answer(2, "", "gpubench: /nowhere: cannot be read: it does not exist\n"), absent);
    Path copy = temp.resolve("copy.json");
    Files.writeString(copy, answer.out());
    Answer again = line.execute("calibrate", "--from", copy.toString(), "--format=json");
    assertEquals(new Answer(0, answer.out(), ""), again);
    KeptCalibrations read = Calibrations.parse(copy, Files.readAllBytes(copy));
    String text = CalibrationReport.text(read);
    assertTrue(text.contains("\nfalse alarms  "), text);
    assertTrue(text.contains("\nrealised      "), text);
    assertEquals(2, CalibrationReport.csv(read).lines().count());
  }

  @Test
  void whereTheTimeIsUpNoGateIsBegun() {
    Answer answer = calibrate("--gates=5", "--max-time=1ms");
    if (answer.exit() == 6) { // on a busy machine it is up before the first one
      assertTrue(answer.err().contains("no gate was played"), answer.err());
      return;
    }
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(
        answer.out().contains("against itself, 1 of 5 gates count, since the time was up\n"),
        answer.out());
    Answer more = calibrate("--gates=5", "--max-time=1ms", "--add");
    assertEquals(0, more.exit(), more.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --gates=-1 | --gates -1 is out of range; expected 0 .. 10000
          --gates=0 | --gates 0 and --injected 0: expected at least one gate
          --slowdown=1.1 | --slowdown: expected a percentage such as 10%, found '1.1'
          --slowdown=0% | --slowdown 0% is out of range; expected 0.1% .. 900%
          --side=slowdown=2 | engine=fake,slowdown=2: slowdown: it is set by --slowdown, for the gates of --injected; leave it out
          --set=consensus.tags=none,siphash | --set consensus.tags=none,siphash: expected one value; calibrate the others one after the other
          --from=/nowhere | --engine has no effect with --from; leave it out
          """)
  void aMistakeIsOneLine(String option, String message) {
    Answer answer = calibrate(option);
    assertEquals(2, answer.exit(), answer.err());
    assertEquals("gpubench: " + message + "\n", answer.err().split("See ")[0]);
    assertEquals("", answer.out());
    assertFalse(Files.exists(line.store));
  }
}
