// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A command line, environment variable or configuration file asks for something that does not exist
 * or cannot be. The message names the place: the file with line and key, or the option.
 */
public final class ConfigException extends BenchException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message, null);
  }

  public ConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An error at a place in a file.
   *
   * @param line counted from 1; 0 when the error has no line
   * @param key the key's path, such as {@code runs[0].workload}; empty for the whole file
   */
  public static ConfigException at(Path file, int line, String key, String problem) {
    var place = new StringBuilder(file.toString());
    if (line > 0) {
      place.append(':').append(line);
    }
    if (!key.isEmpty()) {
      place.append(": ").append(key);
    }
    return new ConfigException(place.append(": ").append(problem).toString());
  }
}
