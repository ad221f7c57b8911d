// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Replays of duets. */
class ReplayDuetTest extends ReplayFixture {
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
    edit(run -> run.putArray("duets"));
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
