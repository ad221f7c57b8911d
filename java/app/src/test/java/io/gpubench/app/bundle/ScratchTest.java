// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
  @TempDir private Path temp;

  @Test
  void anUnfinishedArchiveLeavesNothing() throws Exception {
    Path archive = Files.writeString(temp.resolve("a.tar.xz"), "of yesterday");
    try (var scratch = new Scratch(temp, archive)) {
      Files.writeString(scratch.unfinished(), "half");
      Files.createDirectories(scratch.folder().resolve("a/b"));
      assertEquals(3, entries().size());
    }
    assertEquals(List.of(archive), entries());
    assertEquals("of yesterday", Files.readString(archive));
  }

  @Test
  void aFinishedArchiveReplacesAnOlderOne() throws Exception {
    Path archive = Files.writeString(temp.resolve("a.tar.xz"), "of yesterday");
    try (var scratch = new Scratch(temp, archive)) {
      Files.writeString(scratch.unfinished(), "whole");
      scratch.finish();
    }
    assertEquals(List.of(archive), entries());
    assertEquals("whole", Files.readString(archive));
  }

  @Test
  void aPlaceThatCannotBeWrittenLeavesNothingElsewhere() throws Exception {
    Path nowhere = temp.resolve("nowhere");
    assertThrows(
        NoSuchFileException.class, () -> new Scratch(temp, nowhere.resolve("a.tar.xz")).close());
    assertThrows(
        NoSuchFileException.class, () -> new Scratch(nowhere, temp.resolve("a.tar.xz")).close());
    assertEquals(List.of(), entries());
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(temp)) {
      return entries.toList();
    }
  }
}
