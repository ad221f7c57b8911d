// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small files in which Linux tells facts, below a folder. */
record SystemFiles(Path folder) {
  /** A file's text without blanks around it; null where it cannot be read. */
  @Nullable String text(String file) {
    try {
      return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1).strip();
    } catch (IOException _) {
      return null;
    }
  }

  /** The number that a file is; null where it is none. */
  @Nullable Integer number(String file) {
    String text = text(file);
    try {
      return text == null ? null : Integer.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** The names in a folder that match. */
  List<String> names(String in, String regex) {
    try (Stream<Path> entries = Files.list(folder.resolve(in))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches(regex))
          .sorted()
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }
}
