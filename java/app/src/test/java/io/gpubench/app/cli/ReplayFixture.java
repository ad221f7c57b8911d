// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run that fake engines measured in this process, and its replay. */
abstract class ReplayFixture {
  @TempDir Path temp;
  CommandLineFixture line;
  Path again;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    again = temp.resolve("again");
  }

  Answer replay(String... more) {
    return replay(line.onlyRun(), more);
  }

  Answer replay(Path run, String... more) {
    var args = new ArrayList<>(List.of("replay", run.toString(), "--anyway"));
    args.addAll(List.of("--out", again.toString()));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }

  JsonNode original() {
    return document(line.onlyRun());
  }

  JsonNode replayed() {
    return document(CommandLineFixture.onlyEntry(again));
  }

  static JsonNode document(Path run) {
    return CommandLineFixture.validRun(CommandLineFixture.read(run.resolve("run.json")));
  }

  /** Changes the stored run. */
  void edit(Consumer<ObjectNode> change) throws IOException {
    Path file = line.onlyRun().resolve("run.json");
    var run = (ObjectNode) CommandLineFixture.json(Files.readString(file));
    change.accept(run);
    Files.writeString(file, JsonMapper.shared().writeValueAsString(run));
  }

  /** One line, nothing on stdout, nothing measured. */
  void assertRefused(int exit, String problem, Answer answer) {
    assertEquals(new Answer(exit, "", "gpubench: " + problem + "\n"), answer);
    assertFalse(Files.exists(again));
  }

  String file() {
    return line.onlyRun().resolve("run.json").toString();
  }
}
