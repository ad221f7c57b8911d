// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every command that reads runs, on documents that lack something. */
class DamagedDocumentTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "/engines, engines[0]",
    "/planned, planned[0]",
    "/records, records[0]",
    "/records/0/processes, records[0].processes[0]"
  })
  void anElementThatIsNullIsOneLine(String list, String place) throws Exception {
    var line = new CommandLineFixture(temp);
    line.run();
    Path file = line.onlyRun().resolve("run.json");
    var run = (ObjectNode) CommandLineFixture.json(Files.readString(file));
    ((ArrayNode) run.at(list)).removeAll().addNull();
    Files.delete(line.onlyRun().resolve("manifest.json"));
    assertRefused(line, file, run.toString(), place);
  }

  @Test
  void aHostileRunOfTheFirstFormatIsOneLine() throws Exception {
    var line = new CommandLineFixture(temp);
    Path file = Files.createDirectories(line.store.resolve("old")).resolve("run.json");
    assertRefused(line, file, "{\"schema\":\"gpubench.run/1\",\"records\":[1]}", "id");
  }

  private static void assertRefused(
      CommandLineFixture line, Path file, String document, String place) throws Exception {
    Files.writeString(file, document);
    String message = file + ": not a readable result: " + place + " is missing";
    String run = String.valueOf(file.getParent());
    for (String command : new String[] {"show", "replay"}) {
      assertEquals(new Answer(2, "", "gpubench: " + message + "\n"), line.execute(command, run));
    }
    Answer verified = line.execute("verify", run);
    assertEquals(2, verified.exit(), verified.err());
    assertTrue(verified.out().contains(message), verified.out());
    Answer listed = line.execute("list", "runs", "--out", line.store.toString());
    assertEquals(0, listed.exit(), listed.err());
    assertTrue(listed.out().contains("unreadable"), listed.out());
    assertTrue(listed.out().contains(place + " is missing"), listed.out());
  }
}
