// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What exists only while a bundle is made: a folder for its files, and the archive under a name
 * that says it is not complete. Both are gone after {@link #close}, and when the process is
 * interrupted.
 */
final class Scratch implements AutoCloseable {
  private final Path archive;
  private final Path unfinished;
  private final Path folder;
  private final Thread hook;

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
      folder = Files.createTempDirectory(parent, "bundle-");
    } catch (IOException failure) {
      Files.delete(unfinished);
      throw failure;
    }
    hook = new Thread(this::deleteForGood, "delete unfinished bundle");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Path folder() {
    return folder;
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
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      return; // the process is ending, and the hook at work
    }
    delete();
  }

  private void delete() throws IOException {
    Files.deleteIfExists(unfinished);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Ends the tools that fill the folder, and tries again where something appears meanwhile. */
  private void deleteForGood() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    for (int attempt = 0; attempt < 20; attempt++) {
      try {
        delete();
        return;
      } catch (IOException | UncheckedIOException _) {
        LockSupport.parkNanos(100_000_000);
      }
    }
  }
}
