// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Replays of runs that fake engines measured in this process. */
class ReplayCommandTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private Path again;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    again = temp.resolve("again");
  }

  private Answer replay(String... more) {
    return replay(line.onlyRun(), more);
  }

  private Answer replay(Path run, String... more) {
    var args = new ArrayList<>(List.of("replay", run.toString(), "--anyway"));
    args.addAll(List.of("--out", again.toString()));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }

  private JsonNode original() {
    return document(line.onlyRun());
  }

  private JsonNode replayed() {
    return document(CommandLineFixture.onlyEntry(again));
  }

  private static JsonNode document(Path run) {
    return CommandLineFixture.validRun(CommandLineFixture.read(run.resolve("run.json")));
  }

  /** Changes the stored run. */
  private void edit(Consumer<ObjectNode> change) throws IOException {
    Path file = line.onlyRun().resolve("run.json");
    var run = (ObjectNode) CommandLineFixture.json(Files.readString(file));
    change.accept(run);
    Files.writeString(file, JsonMapper.shared().writeValueAsString(run));
  }

  /** One line, nothing on stdout, nothing measured. */
  private void assertRefused(int exit, String problem, Answer answer) {
    assertEquals(new Answer(exit, "", "gpubench: " + problem + "\n"), answer);
    assertFalse(Files.exists(again));
  }

  private String file() {
    return line.onlyRun().resolve("run.json").toString();
  }

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
  void whatIsNotAsItWasIsSaidAndKept() throws Exception {
    line.run();
    edit(run -> {
      ((ObjectNode) run.at("/tool")).put("version", "0.0.1");
      var engine = (ObjectNode) run.at("/engines/0");
      engine.put("device", "Fake 3000");
      ((ObjectNode) engine.at("/description"))
          .putObject("kernels")
          .putObject("consensus")
          .put("sha256", "0123456789abcdef0123456789abcdef");
      ((ObjectNode) engine.at("/description")).put("clockAtStart.sm", 7);
      ((ObjectNode) run.at("/environment/cpu")).put("model", "Z80");
      ((ObjectNode) run.at("/environment/os")).put("kernel", "0.12");
    });
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    List<String> notes = new ArrayList<>();
    replayed().at("/conditions/notes").forEach(note -> notes.add(note.asString()));
    List<String> matching =
        List.of(
            "gpubench is not as it was: version 0\\.0\\.1, now .*",
            "engine fake is not as it was: device Fake 3000, now unknown; "
                + "kernels\\.consensus\\.sha256 0123456789ab, now unknown",
            "machine is not as it was: cpu\\.model Z80, now .*; os\\.kernel 0\\.12, now .*");
    for (String expected : matching) {
      assertEquals(
          1, notes.stream().filter(note -> note.matches(expected)).count(), notes::toString);
    }
    for (String note : notes) {
      assertTrue(answer.err().contains("NOTE: " + note + "\n"), answer.err());
      assertTrue(answer.out().contains("NOTE: " + note + "\n"), answer.out());
    }
  }

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
    assertRefused(2, run.resolve("run.json") + ": a part of it is missing", replay(run));
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

  @Test
  void duetsArePlayedAgainByTheSameRolesAndTheSameRule() {
    line.engines = List.of(FakeEngine.passing("one"), FakeEngine.passing("two"));
    duet("engine=one", "engine=two,threads=1", "--set=consensus.validators=4,5", "--slice=2ms");
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    JsonNode before = original();
    JsonNode after = replayed();
    assertEquals(before.at("/planned"), after.at("/planned"));
    assertEquals(before.at("/conditions/orderSeed"), after.at("/conditions/orderSeed"));
    assertEquals(
        List.of(3, 3),
        Stream.of(before, after).map(run -> run.at("/conditions/repetitions").asInt()).toList());
    assertEquals(1, after.at("/engines/1/threads").asInt());
    assertEquals("duet", after.at("/suite").asString());
    for (int i = 0; i < 2; i++) {
      JsonNode then = before.at("/duets/" + i);
      JsonNode now = after.at("/duets/" + i);
      for (String same : List.of("a", "b", "planned", "sliceSeconds")) {
        assertEquals(then.get(same), now.get(same));
      }
      assertEquals(roles(then), roles(now));
    }
    assertTrue(answer.err().contains(": 2 comparisons by 3 duets, at most "), answer.err());
    assertTrue(answer.err().contains("\nB/A, by the record of A "), answer.err());
  }

  private static List<String> roles(JsonNode comparison) {
    var roles = new ArrayList<String>();
    comparison
        .at("/played")
        .forEach(duet ->
            roles.add(duet.at("/startedFirst").asString() + duet.at("/beganFirst").asString()));
    return roles;
  }

  @Test
  void oneEngineOnBothSidesIsOpenedForEach() {
    var engine = FakeEngine.passing("one");
    line.engines = List.of(engine);
    duet("engine=one", "engine=one");
    engine.opened = 0;
    assertEquals(0, replay().exit());
    assertEquals(2, engine.opened);
    assertEquals(1, replayed().at("/engines").size());
    assertEquals(2, replayed().at("/records").size());
  }

  @Test
  void duetsThatWereCutOffAreRefusedWithTheirCommandLine() throws Exception {
    line.engines = List.of(FakeEngine.passing("one"));
    duet("engine=one", "engine=one");
    edit(run -> run.remove("duets"));
    Answer answer = replay();
    assertEquals(2, answer.exit());
    assertTrue(
        answer
            .err()
            .startsWith(
                "gpubench: "
                    + file()
                    + ": duets that were cut off before their first ended; how they were to be played is not"
                    + " known; to repeat it as nearly as today's configuration allows: gpubench duet"
                    + " --in-process engine=one engine=one "),
        answer.err());
    assertEquals(1, answer.err().lines().count());
  }

  @ParameterizedTest
  @CsvSource({"minSamples,41", "maxNanos,1", "minNanos,-5"})
  void anEditedRuleOfDuetsIsNoticed(String key, long value) throws Exception {
    line.engines = List.of(FakeEngine.passing("one"));
    duet("engine=one", "engine=one");
    edit(run -> ((ObjectNode) run.at("/planned/0/effort/stoppingRule")).put(key, value));
    Answer answer = replay();
    assertEquals(2, answer.exit(), answer.err());
    assertEquals(1, answer.err().lines().count());
    assertFalse(Files.exists(again));
  }

  private void duet(String a, String b, String... more) {
    var args = new ArrayList<>(List.of("duet", a, b, line.profile(), "--anyway"));
    args.addAll(List.of("--out", line.store.toString(), "--samples=40", "--duets=3"));
    if (more.length == 0) {
      args.add("--set=consensus.validators=4");
    }
    args.addAll(List.of(more));
    Answer answer = line.execute(args.toArray(String[]::new));
    assertEquals(0, answer.exit(), answer.err());
  }
}
