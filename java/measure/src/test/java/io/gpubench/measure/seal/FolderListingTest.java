// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderListingTest {
  @TempDir private Path folder;

  @Test
  void pathsHaveALongestAndADeepest() {
    assertTrue(FolderListing.isPlain("a/".repeat(FolderListing.MOST_PARTS - 1) + "a"));
    assertFalse(FolderListing.isPlain("a/".repeat(FolderListing.MOST_PARTS) + "a"));
    assertTrue(FolderListing.isPlain("a".repeat(1_000)));
    assertFalse(FolderListing.isPlain("a".repeat(1_001)));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "~", "a b", "...", "a/..b"})
  void oddNamesArePlain(String path) {
    assertTrue(FolderListing.isPlain(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a//b", "a/", "/a", ".", "..", "a/./b", "a/../b", "a\\b", "\u001f", "\u007f"
      })
  void whatLeadsElsewhereOrCannotBePrintedIsNot(String path) {
    assertFalse(FolderListing.isPlain(path));
  }

  /** A plain path stays below the folder, whatever it consists of. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aPlainPathStaysBelow(long seed) {
    var random = new SplittableRandom(seed);
    Path top = Path.of("/top");
    int plain = 0;
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        text.append("./ab\\\u007f ".charAt(random.nextInt(7)));
      }
      if (FolderListing.isPlain(text.toString())) {
        plain++;
        Path inside = top.resolve(text.toString());
        assertEquals(inside, inside.normalize());
        assertTrue(inside.startsWith(top) && !inside.equals(top), text::toString);
        assertEquals(text.toString(), top.relativize(inside).toString());
      }
    }
    assertTrue(plain > 100, "only " + plain + " were plain");
  }

  @Test
  void foldersAreFollowedToTheDeepest() throws IOException {
    Path deepest = folder;
    for (int i = 1; i < FolderListing.MOST_PARTS; i++) {
      deepest = Files.createDirectory(deepest.resolve("f"));
    }
    Files.createFile(deepest.resolve("file"));
    FolderListing listing = FolderListing.of(folder);
    assertEquals(List.of("f/".repeat(FolderListing.MOST_PARTS - 1) + "file"), listing.files());
    assertEquals(List.of(), listing.irregular());
    Files.createDirectory(deepest.resolve("more"));
    assertEquals(
        "a folder in too many others", FolderListing.of(folder).irregular().getFirst().what());
  }

  @Test
  void aSmallFileHasAMostSize() throws IOException {
    byte[] bytes = "abc".getBytes(StandardCharsets.US_ASCII);
    Path file = Files.write(folder.resolve("file"), bytes);
    assertArrayEquals(bytes, FileHash.contents(file, 3));
    assertThrows(IOException.class, () -> FileHash.contents(file, 2));
    String known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertEquals(known, Sha256.of(bytes));
    assertEquals(new FileHash(3, known), FileHash.of(file));
  }

  @Test
  void aSignerIsKnownByItsKey() {
    var key = SigningKey.create(folder.resolve("key.pem")).signer();
    var other = SigningKey.create(folder.resolve("other.pem")).signer();
    assertEquals(key.fingerprint(), key.toString());
    assertFalse(key.equals(other));
    assertFalse(key.hashCode() == other.hashCode(), "by chance in one of four billion");
  }
}
