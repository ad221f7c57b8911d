// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A folder for what is needed for a while, and perhaps files elsewhere. They are gone after {@link
 * #close}, and when the process is interrupted.
 */
public final class ScratchFolder implements AutoCloseable {
  private final Path path;
  private final List<Path> others;
  private final Thread hook = new Thread(this::deleteForGood, "delete scratch folder");

  private ScratchFolder(Path path, List<Path> others) {
    this.path = path;
    this.others = others;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Makes one where temporary files go. */
  public static ScratchFolder temporary(String prefix) throws IOException {
    return new ScratchFolder(Files.createTempDirectory(prefix), List.of());
  }

  /**
   * Makes one in another folder.
   *
   * @param others files that are to go with it
   */
  static ScratchFolder below(Path parent, String prefix, List<Path> others) throws IOException {
    return new ScratchFolder(Files.createTempDirectory(parent, prefix), List.copyOf(others));
  }

  public Path path() {
    return path;
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
    for (Path other : others) {
      Files.deleteIfExists(other);
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
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
