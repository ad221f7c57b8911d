// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The evidence that comes with the source, a folder for each device, verifies. */
class ReferenceEvidenceTest {
  private static final Path REFERENCE = CommandLineFixture.ROOT.resolve("results/reference");

  @Test
  void verifies() throws IOException {
    List<Path> runs = runs();
    assertFalse(runs.isEmpty(), "there is no run in a folder of " + REFERENCE);
    Answer answer = Evidence.verify(runs, List.of());
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertEquals(runs.size(), CommandLineFixture.json(answer.out()).path("verified").asInt());
  }

  private static List<Path> runs() throws IOException {
    if (Files.notExists(REFERENCE)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(REFERENCE, 2)) {
      return all.filter(path -> REFERENCE.relativize(path).getNameCount() == 2)
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    }
  }
}
