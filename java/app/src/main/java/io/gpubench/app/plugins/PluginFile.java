// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a plugin comes from.
 *
 * @param path a jar, or a folder of the class path
 */
public record PluginFile(Path path) {
  /** Its name without folders. */
  public String name() {
    return String.valueOf(path.getFileName());
  }

  /**
   * The SHA-256 of a jar; of a folder, that it is none.
   *
   * @throws EngineException when the jar cannot be read any more
   */
  public String sha256() {
    if (Files.isDirectory(path)) {
      return "a folder";
    }
    try {
      return Sha256.of(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new EngineException(path + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }
}
