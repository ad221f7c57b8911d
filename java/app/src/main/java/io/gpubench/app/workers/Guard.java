// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The small program that keeps a worker's processes together and leaves none behind. */
public final class Guard {
  private static final String NAME = "gpubench-guard";

  private Guard() {}

  /** The guard of an installation; empty where it has not been built. */
  public static Optional<Path> below(Path home) {
    return Stream.of("lib", "native/build")
        .map(folder -> home.resolve(folder).resolve(NAME).toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst();
  }
}
