// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a plugin comes from.
 *
 * @param path a jar, or a folder of the class path
 * @param sha256 of the jar when it was loaded; of anything else, why there is none
 */
public record PluginFile(Path path, String sha256) {
  /** A file as it is now. */
  static PluginFile of(Path path) {
    try {
      return new PluginFile(
          path, Files.isRegularFile(path) ? Sha256.of(Files.readAllBytes(path)) : "not a file");
    } catch (IOException e) {
      return new PluginFile(path, "not readable");
    }
  }

  /** Its name without folders. */
  public String name() {
    return String.valueOf(path.getFileName());
  }
}
