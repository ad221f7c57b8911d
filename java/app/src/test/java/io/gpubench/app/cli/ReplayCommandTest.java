// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Replays of runs that fake engines measured in this process. */
class ReplayCommandTest extends ReplayFixture {
  @Test
  void everythingIsAsItWasWhateverTheProfileSaysNow() throws Exception {
    Answer run =
        line.run(
            "--set", "consensus.validators=4,5", "--seed", "7", "--samples", "40", "--warmup=9");
    assertEquals(0, run.exit(), run.err());
    Files.writeString(temp.resolve("instant.yaml"), "nonsense");
    line.environment.put("GPUBENCH_PROFILE", "nonsense");
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    JsonNode before = original();
    JsonNode after = replayed();
    assertEquals(before.at("/planned"), after.at("/planned"));
    assertEquals(40, after.at("/planned/0/effort/stoppingRule/maxSamples").asInt());
    assertEquals(7, after.at("/planned/0/parameters/seed").asInt());
    assertEquals(40, after.at("/records/1/sampleCount").asInt());
    for (String same : List.of("suite", "profile", "plannedSeconds")) {
      assertEquals(before.get(same), after.get(same));
    }
    assertEquals(before.at("/engines/0/threads"), after.at("/engines/0/threads"));
    assertEquals("in-process", after.at("/conditions/isolation").asString());
    assertEquals(before.at("/id"), after.at("/conditions/replayOf"));
    assertNotEquals(before.at("/id"), after.at("/id"));
    assertEquals("replay", after.at("/argv/0").asString());
    String id = before.at("/id").asString();
    assertTrue(answer.err().contains("\nreplaying " + id + ": 2 runs, at most "), answer.err());
    assertTrue(answer.out().contains("\nreplay of " + id + "\n"), answer.out());
    assertTrue(answer.err().contains("\nmedians of " + id + " and of its replay\n"), answer.err());
    assertTrue(
        answer
            .err()
            .matches(
                "(?s).*\n"
                    + before.at("/planned/1/id").asString()
                    + "  us +\\S+ .* \\d\\.\\d{3}\n.*"),
        answer.err());
  }

  @Test
  void dataAloneIsOnStdout() {
    line.run();
    Answer answer = replay("--format=json");
    assertEquals(replayed(), CommandLineFixture.json(answer.out()));
  }

  @Test
  void aReplayCanBeReplayed() {
    line.run();
    replay();
    Path first = CommandLineFixture.onlyEntry(again);
    again = temp.resolve("third");
    assertEquals(0, replay(first).exit());
    assertEquals(first.getFileName().toString(), replayed().at("/conditions/replayOf").asString());
    assertEquals(original().at("/planned"), replayed().at("/planned"));
  }

  @Test
  void aRunThatFailedHalfWayIsReplayedAsItWasPlanned() throws Exception {
    var engine = FakeEngine.passing("fake");
    engine.work =
        _ -> {
          throw new EngineException("the device is lost");
        };
    line.engines = List.of(engine);
    assertEquals(3, line.run("--set", "consensus.validators=4,5").exit());
    edit(run -> run.withArray("records").remove(1));
    line.engines = List.of(FakeEngine.passing("fake"));
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    JsonNode after = replayed();
    assertEquals(2, after.at("/records").size());
    String first = after.at("/planned/0/id").asString();
    String second = after.at("/planned/1/id").asString();
    assertTrue(
        answer.err().contains("\n* " + first + ": original: Failed: the device is lost\n"),
        answer.err());
    assertTrue(answer.err().contains("\n* " + second + ": original: not measured\n"), answer.err());
  }

  @Test
  void theDeviceIsTheOneThatWasAskedFor() {
    var engine = FakeEngine.passing("fake");
    engine.devices = List.of("1", "sim");
    line.engines = List.of(engine);
    assertEquals(0, line.run("--device", "1").exit());
    assertEquals(0, replay().exit());
    assertEquals("fake 1", replayed().at("/records/0/device").asString());
    assertEquals("1", replayed().at("/engines/0/deviceAsked").asString());
    engine.devices = List.of("sim");
    again = temp.resolve("third");
    assertRefused(3, "no engine: fake: no device 1; buy 1", replay());
  }
}
