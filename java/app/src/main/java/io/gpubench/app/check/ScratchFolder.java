// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder, which is gone after {@link #close}, and when the process is interrupted. */
public final class ScratchFolder implements AutoCloseable {
  private final Path path;
  private final Thread hook = new Thread(this::delete, "delete scratch folder");

  /** Makes one where temporary files go. */
  public ScratchFolder(String name) throws IOException {
    path = Files.createTempDirectory(name);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      return; // the process is ending, and the hook at work
    }
    delete();
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // a temporary folder; the system cleans up
    }
  }
}
