// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderFactsTest {
  @TempDir private Path folder;

  @Test
  void ofAFolder() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    FolderFacts facts = FolderFacts.of(link.toString());
    assertEquals(folder.toRealPath(), facts.folder());
    assertEquals(Files.getFileStore(folder).type(), facts.fileSystem());
    assertTrue(facts.blockBytes() >= 512, facts.toString());
    assertTrue(facts.freeBytes() > 0, facts.toString());
  }

  @Test
  void aFileSystemInMemory() {
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared));
    FolderFacts facts = FolderFacts.of(shared.toString());
    assertEquals(facts.fileSystem().equals("tmpfs"), facts.inMemory());
  }

  @Test
  void noSuchFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    refuses(file.toString(), "file tier %s: it is not a folder".formatted(file));
    refuses(file + "/below", "%s/below: ".formatted(file));
    Path missing = folder.resolve("missing");
    refuses(missing.toString(), "file tier %s: it does not exist".formatted(missing));
    refuses("a\0b", "no path");
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    refuses(loop.toString(), "file tier %s: ".formatted(loop));
  }

  @Test
  void nothingCanBeWrittenThere() throws IOException {
    Path shut = Files.createDirectory(folder.resolve("shut"));
    assumeTrue(shut.toFile().setWritable(false) && !Files.isWritable(shut), "may write anywhere");
    refuses(shut.toString(), "permission denied");
  }

  private static void refuses(String folder, String words) {
    var refused = assertThrows(EngineException.class, () -> FolderFacts.of(folder));
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1000, 10, ''",
    "1000, 1001, 10, ''",
    "1000, 999, 10, 'takes 1000 bytes, 999 are free; pages=9 fits'",
    "1000, 99, 10, 'not even one page fits'",
    "1000, 0, 1, 'not even one page fits'"
  })
  void room(long takes, long free, int pages, String words) {
    var facts = new FolderFacts(folder, "ext4", 4096, free);
    if (words.isEmpty()) {
      facts.checkRoom(takes, pages);
      return;
    }
    var refused = assertThrows(EngineException.class, () -> facts.checkRoom(takes, pages));
    assertEquals(EngineException.Kind.FAILED, refused.kind());
    assertTrue(refused.getMessage().contains("file tier " + folder + ": not enough room"));
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }

  @Test
  void whoServesIt() {
    assertTrue(FolderFacts.isServed("nfs4"));
    assertTrue(FolderFacts.isServed("fuse.sshfs"));
    assertFalse(FolderFacts.isServed("ext4"));
    assertTrue(new FolderFacts(folder, "zfs", 4096, 1).hasCacheOfItsOwn());
    assertFalse(new FolderFacts(folder, "xfs", 4096, 1).hasCacheOfItsOwn());
  }

  @Test
  void granularity() {
    var facts = new FolderFacts(folder, "ext4", 4096, 1);
    facts.checkGranularity(8192, 4096);
    facts.checkGranularity(4104, 1);
    var refused = assertThrows(EngineException.class, () -> facts.checkGranularity(4104, 4096));
    assertEquals(
        "file tier %s: pages of 4104 bytes cannot be moved there past the page cache: expected a multiple of 4096"
            .formatted(folder),
        refused.getMessage());
  }
}
