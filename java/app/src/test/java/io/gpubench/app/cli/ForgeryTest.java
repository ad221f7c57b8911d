// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.Forgery.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every form of a forgery is found, by its name; the honest runs that were forged are not. */
@Timeout(120)
class ForgeryTest {
  @TempDir private static Path temp;
  private static Evidence evidence;
  private static int copies;

  @BeforeAll
  static void open() {
    evidence = new Evidence(temp);
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(ForgedValues.all(), ForgedTimes.all()).flatMap(all -> all);
  }

  private static Forger forger(Source source) {
    return Forger.of(evidence.of(source), temp.resolve("forged-" + copies++));
  }

  /** The words of what was found. */
  static Set<String> flaws(Answer answer) {
    var words = new TreeSet<String>();
    for (JsonNode run : CommandLineFixture.json(answer.out()).path("runs")) {
      for (JsonNode finding : run.path("findings")) {
        words.add(finding.path("flaw").asString());
        String message = finding.path("message").asString();
        assertEquals(1, message.lines().count(), message);
      }
    }
    return words;
  }

  @ParameterizedTest
  @EnumSource
  void theOriginalVerifies(Source source) {
    Answer answer = Evidence.verify(List.of(forger(source).directory()), List.of());
    assertEquals(0, answer.exit(), answer.out());
    assertEquals(Set.of(), flaws(answer));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isFound(Forgery forgery) throws Exception {
    Forger run = forger(forgery.source());
    forgery.act().on(run);
    Answer answer = Evidence.verify(List.of(run.directory()), forgery.options());
    assertEquals(7, answer.exit(), answer.out() + answer.err());
    assertEquals(Set.of(), forgery.unnoticed(flaws(answer)), answer.out());
    assertEquals("", answer.err());
  }
}
