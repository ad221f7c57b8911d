// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreErrorsTest {
  @Test
  void theReasonIsSaidWithoutTheFile() {
    assertEquals("permission denied", StoreErrors.text(new AccessDeniedException("f")));
    assertEquals("it does not exist", StoreErrors.text(new NoSuchFileException("f")));
    assertEquals("it is not a folder", StoreErrors.text(new NotDirectoryException("f")));
    assertEquals(
        "a file of that name is in the way", StoreErrors.text(new FileAlreadyExistsException("f")));
    assertEquals("disk full", StoreErrors.text(new FileSystemException("f", null, "disk full")));
    assertEquals("f", StoreErrors.text(new FileSystemException("f")));
    assertEquals("broken pipe", StoreErrors.text(new IOException("broken pipe")));
    assertEquals("IOException", StoreErrors.text(new IOException()));
  }

  @Test
  void aPlaceIsToBlameThatCannotBeAStore() {
    for (IOException error :
        List.of(
            new AccessDeniedException("f"),
            new NoSuchFileException("f"),
            new NotDirectoryException("f"),
            new FileAlreadyExistsException("f"))) {
      assertTrue(StoreErrors.isPlace(error), error.toString());
    }
    assertFalse(StoreErrors.isPlace(new IOException("disk full")));
    assertFalse(StoreErrors.isPlace(new FileSystemException(null, null, "disk full")));
    assertFalse(StoreErrors.isPlace(new FileSystemException("f", null, "disk full")));
  }

  /** The system has several words for a file where a folder would have to be. */
  @Test
  void aFileAboveIsAPlaceToo(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path below = file.resolve("a").resolve("b");
    assertThrows(IOException.class, () -> Files.createDirectories(below));
    assertTrue(StoreErrors.isPlace(new FileSystemException(below.toString(), null, "odd")));
    Path free = folder.resolve("a").resolve("b");
    assertFalse(StoreErrors.isPlace(new FileSystemException(free.toString(), null, "disk full")));
  }
}
