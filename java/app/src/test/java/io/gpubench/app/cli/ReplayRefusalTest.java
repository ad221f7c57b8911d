// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.measuring.Installation;
import io.gpubench.app.measuring.Replay;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CpuSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Runs that are not replayed, with one line that says why. */
class ReplayRefusalTest extends ReplayFixture {
  @ParameterizedTest
  @CsvSource({"validators,5", "byzantine,0.25", "seed,2", "tags,none"})
  void anEditedParameterIsNoticed(String parameter, String value) throws Exception {
    line.run();
    String id = original().at("/planned/0/id").asString();
    edit(run -> {
      var parameters = (ObjectNode) run.at("/planned/0/parameters");
      parameters.set(
          parameter,
          parameter.equals("tags") ? parameters.stringNode(value) : CommandLineFixture.json(value));
    });
    Answer answer = replay();
    assertEquals(2, answer.exit());
    assertTrue(
        answer
            .err()
            .startsWith(
                "gpubench: "
                    + file()
                    + ": planned[0]: this version of gpubench plans it differently: its id is "
                    + id
                    + ", and here it is consensus-fake-call-"),
        answer.err());
    assertEquals(1, answer.err().lines().count());
    assertFalse(Files.exists(again));
  }

  @Test
  void aRunThatDoesNotSayHowItWasPlannedIsRefusedWithItsCommandLine() throws Exception {
    line.run();
    edit(run -> {
      ((ObjectNode) run.at("/planned/0")).remove("effort");
      run.putArray("argv").add("run").add("--set").add("a b=it's");
    });
    assertRefused(
        2,
        file()
            + ": does not say how thoroughly it was planned, since it was made before gpubench wrote that"
            + " down; to repeat it as nearly as today's configuration allows: gpubench run --set 'a b=it'\\''s'",
        replay());
  }

  @Test
  void aRunOfTheFirstFormatIsRefused() throws Exception {
    Path run = Files.createDirectory(temp.resolve("old"));
    Files.copy(
        CommandLineFixture.ROOT.resolve("java/measure/src/test/resources/runs/run-1.json"),
        run.resolve("run.json"));
    Answer answer = replay(run);
    assertEquals(2, answer.exit());
    assertTrue(
        answer.err().startsWith("gpubench: " + run.resolve("run.json") + ": does not say how thor"),
        answer.err());
    assertEquals(1, answer.err().lines().count());
  }

  @Test
  void aFolderThatHoldsNoRunIsRefused() throws Exception {
    assertRefused(2, temp + " is not a run directory: run.json: it does not exist", replay(temp));
    Path run = Files.createDirectory(temp.resolve("foreign"));
    Files.writeString(run.resolve("run.json"), "{\"schema\": \"other/1\"}");
    assertEquals(2, replay(run).exit());
    Files.writeString(
        run.resolve("run.json"),
        "{\"schema\": \"gpubench.run/2\", \"status\": \"complete\", \"pid\": 1, \"plannedSeconds\": 1}");
    assertRefused(
        2, run.resolve("run.json") + ": not a readable result: id is missing", replay(run));
  }

  @Test
  void anEngineThatIsNotThereIsUnavailable() throws Exception {
    line.run();
    line.engines = List.of(FakeEngine.passing("other"));
    String id = original().at("/id").asString();
    assertRefused(3, "the engine 'fake', which measured " + id + ", is not here", replay());
    edit(run -> ((ObjectNode) run.at("/engines/0")).putArray("command").add("python3").add("w.py"));
    assertRefused(
        3,
        "the engine 'fake', which measured "
            + id
            + ", is not here; it was a file of configs/engines with the command python3 w.py",
        replay());
    line.engines = List.of(FakeEngine.missing("fake"));
    assertRefused(3, "no engine: fake: fake is not there; buy fake", replay());
  }

  @Test
  void processorsThatAreNotThereAreUnavailable() throws Exception {
    line.run();
    String id = original().at("/id").asString();
    int processors = Runtime.getRuntime().availableProcessors();
    edit(run -> ((ObjectNode) run.at("/engines/0")).put("threads", 100_000));
    assertRefused(
        3,
        "%s: 100000 threads measured, and here %d can; replay it on a machine with as many processors"
            .formatted(id, processors),
        replay());
    edit(run -> ((ObjectNode) run.at("/conditions")).put("cpus", "0-8191"));
    Answer answer = replay();
    assertEquals(3, answer.exit());
    assertTrue(
        answer
            .err()
            .startsWith(
                "gpubench: " + id + ": its workers were bound to the processors 0-8191, and this "),
        answer.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "isolation | elsewhere | conditions.isolation: expected workers or in-process, found 'elsewhere'",
        "cpus | x | conditions.cpus: 'x' is not a set of CPUs; ",
        "coolDown | warm | conditions.coolDown: 'warm' is not a cool-down; ",
        "timeoutSeconds | -1 | conditions.timeoutSeconds: "
      })
  void conditionsThatMakeNoSenseAreOneLine(String key, String value, String problem)
      throws Exception {
    line.run();
    edit(run -> {
      var conditions = (ObjectNode) run.at("/conditions");
      if (value.equals("-1")) {
        conditions.put(key, -1.0);
      } else {
        conditions.put(key, value);
      }
    });
    Answer answer = replay();
    assertEquals(2, answer.exit());
    assertTrue(answer.err().startsWith("gpubench: " + file() + ": " + problem), answer.err());
    assertEquals(1, answer.err().lines().count());
  }

  @Test
  void aSensorThatIsNotThereIsUnavailable() throws Exception {
    line.run();
    String id = original().at("/id").asString();
    edit(run -> ((ObjectNode) run.at("/conditions")).put("coolDown", "55C/3m"));
    Answer answer = replay();
    assertEquals(3, answer.exit(), answer.err());
    assertEquals(
        "gpubench: "
            + id
            + ": its processes waited for 55C/3m, and the engine 'fake' has no temperature sensor here",
        answer.err().lines().toList().getLast());
    assertFalse(Files.exists(again));
  }

  @Test
  void aGuardThatIsNotThereIsUnavailable() throws Exception {
    line.run();
    edit(run -> {
      var conditions = (ObjectNode) run.at("/conditions");
      conditions.put("isolation", "workers");
      conditions.put("cpus", CpuSet.allowed().toString());
    });
    App here = line.app();
    var elsewhere = new Installation(temp, here.contents(), here.environment());
    var error = assertThrows(EngineException.class, () -> new Replay(elsewhere, line.onlyRun()));
    assertEquals(
        "%s: its workers were bound to the processors %s, and the worker guard, which does that, is not built; install a C compiler, make and CMake"
            .formatted(original().at("/id").asString(), CpuSet.allowed()),
        error.getMessage());
    assertEquals(EngineException.Kind.UNAVAILABLE, error.kind());
  }
}
