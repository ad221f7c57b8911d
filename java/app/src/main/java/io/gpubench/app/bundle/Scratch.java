// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What exists only while a bundle is made: a folder for its files, and the archive under a name
 * that says it is not complete.
 */
final class Scratch implements AutoCloseable {
  private final Path archive;
  private final Path unfinished;
  private final ScratchFolder folder;

  /**
   * Makes an empty archive and the folder, so that a place that cannot be written is known at once.
   *
   * @param parent of the folder
   */
  Scratch(Path parent, Path archive) throws IOException {
    this.archive = archive;
    unfinished =
        Files.createFile(
            archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid() + ".part"));
    try {
      folder = ScratchFolder.below(parent, "bundle-", List.of(unfinished));
    } catch (IOException failure) {
      Files.delete(unfinished);
      throw failure;
    }
  }

  Path folder() {
    return folder.path();
  }

  Path unfinished() {
    return unfinished;
  }

  /** Gives the archive its name, in place of a file that had it before. */
  void finish() throws IOException {
    Files.move(
        unfinished, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
