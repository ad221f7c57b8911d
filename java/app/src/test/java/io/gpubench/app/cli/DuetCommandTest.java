// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DuetCommandTest {
  private static final String FOUR = "consensus.validators=4";

  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine fast;
  private FakeEngine slow;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    fast = FakeEngine.passing("fast");
    slow = FakeEngine.passing("slow");
    slow.work = _ -> spin(60_000);
    line.engines = List.of(fast, slow);
  }

  @Test
  void aSlowerSideIsSlowerInEveryDuet() {
    Answer answer = duet("engine=fast", "engine=slow", "--set", FOUR, "--duets=6", "--format=json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = CommandLineFixture.validRun(answer.out());
    assertEquals(
        run, CommandLineFixture.json(CommandLineFixture.read(line.onlyRun().resolve("run.json"))));
    assertEquals("duet", run.at("/suite").asString());
    assertEquals(6, run.at("/conditions/repetitions").asInt());
    JsonNode comparison = run.at("/duets/0");
    assertEquals("engine=fast", comparison.at("/a/name").asString());
    assertEquals("engine=slow", comparison.at("/b/name").asString());
    assertEquals(6, comparison.at("/played").size());
    // 20 us against 80 us, on a machine that may be busy
    JsonNode median = comparison.at("/summary/median");
    assertTrue(median.at("/ratio").asDouble() > 2, median.toString());
    assertTrue(median.at("/lower").asDouble() > 1, median.toString());
    for (String side : List.of("a", "b")) {
      String id = comparison.at("/" + side + "/record").asString();
      assertTrue(id.matches("consensus-(fast|slow)-call-" + side + "-[0-9a-f]{12}"), id);
      for (int duet = 1; duet <= 6; duet++) {
        assertTrue(Files.exists(line.onlyRun().resolve("samples/" + id + "." + duet + ".csv")));
      }
    }
    assertEquals(2, run.at("/records").size());
    assertEquals(2, run.at("/engines").size());
  }

  @Test
  void twoEqualSidesHaveRecordsOfTheirOwn() {
    Answer answer = duet("engine=fast", "engine=fast", "--set", FOUR, "--duets=2");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nA: engine=fast (fast, path call)\n"), answer.out());
    assertTrue(answer.out().contains("\nB: engine=fast (fast, path call)\n"), answer.out());
    assertTrue(
        answer.out().contains("\n2 of 2 duets count, in slices of 3ms; times in us\n"),
        answer.out());
    assertTrue(answer.out().contains("\n? too few duets for an interval\n"), answer.out());
    answer.out().lines().forEach(text -> assertTrue(text.length() <= 100, text));
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertNotEquals(run.at("/records/0/id"), run.at("/records/1/id"));
    assertEquals(1, run.at("/engines").size());
    Answer shown = line.execute("show", line.onlyRun().toString());
    assertEquals(new Answer(0, answer.out(), ""), shown);
  }

  @Test
  void severalValuesAreSeveralComparisons() {
    Answer answer =
        duet(
            "engine=fast",
            "engine=fast,consensus.tags=none",
            "--set",
            "consensus.validators=4,5",
            "--duets=1",
            "--format=csv");
    assertEquals(0, answer.exit(), answer.err());
    List<String> rows = answer.out().lines().toList();
    assertEquals(1 + 2 * 2, rows.size(), answer.out());
    assertTrue(rows.getFirst().startsWith("run,workload,a,b,recordA,recordB,"), answer.out());
    assertTrue(
        rows.get(1).contains(",consensus,engine=fast,\"engine=fast,consensus.tags=none\","),
        answer.out());
    assertTrue(rows.get(1).contains(",1,1,median,"), answer.out());
    assertTrue(rows.get(2).contains(",1,1,p95,"), answer.out());
    assertTrue(rows.get(1).contains(",validators=4 ") && rows.get(3).contains(",validators=5 "));
    assertTrue(answer.err().contains("\n2 comparisons by 1 duet, at most 200ms\n"), answer.err());
    assertTrue(answer.err().contains("\n[2/2] consensus validators=5 "), answer.err());
    assertTrue(answer.err().contains(" tags=siphash|none "), answer.err());
  }

  @Test
  void aSideThatFailsIsShownAndTheExitCodeSaysSo() {
    var executed = new ArrayList<Long>();
    slow.work =
        sample -> {
          executed.add(sample);
          throw new EngineException("the device is lost");
        };
    Answer answer = duet("engine=fast", "engine=slow", "--set", FOUR, "--duets=8");
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\n0 of 8 duets count, in slices of 3ms\n"), answer.out());
    assertTrue(
        answer.out().contains("\n* duet 3 does not count: b: Failed: the device is lost\n"),
        answer.out());
    assertTrue(
        answer.err().contains("      left out: 5 more duets of this comparison\n"), answer.err());
    assertTrue(!executed.isEmpty());
  }

  @Test
  void aWrongAnswerIsExit4() {
    slow.right = sample -> sample < 50;
    Answer answer = duet("engine=fast", "engine=slow", "--set", FOUR, "--duets=8");
    assertEquals(4, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\n* duet 1 does not count: b: Incorrect: sample 50: "));
    assertTrue(answer.err().contains("left out: 7 more"), answer.err());
  }

  private Answer duet(String... args) {
    var all =
        new ArrayList<>(
            List.of("duet", args[0], args[1], line.profile(), "--out", line.store.toString()));
    all.addAll(List.of("--samples=40", "--anyway"));
    all.addAll(List.of(args).subList(2, args.length));
    return line.execute(all.toArray(String[]::new));
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
