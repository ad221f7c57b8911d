// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user's file, with what its comments say of launches. Immutable.
 *
 * @param path as the user names it
 * @param lines of its text
 */
public record Source(Path path, List<String> lines, List<Directive> directives) {
  private static final long LARGEST_BYTES = 16 << 20;
  private static final Pattern DIRECTIVE =
      Pattern.compile("^(?:.*?(?://|/\\*)|\\s*\\*)\\s*gpubench-check:(.*)$");
  private static final Pattern WORD = Pattern.compile("([A-Za-z_][\\w:]*)(?:=(\\S+))?");

  public Source {
    lines = List.copyOf(lines);
    directives = List.copyOf(directives);
  }

  /**
   * What a comment says.
   *
   * @param line counted from 1
   * @param kernel null for all kernels that have such arguments
   */
  record Directive(int line, @Nullable String kernel, Settings settings) {}

  /**
   * Reads a file.
   *
   * @throws ConfigException one line: it cannot be read, is no text, or has a comment that makes no
   *     sense
   */
  public static Source read(Path path) {
    String text = text(path);
    List<String> lines = text.lines().toList();
    var directives = new ArrayList<Directive>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = DIRECTIVE.matcher(lines.get(i));
      if (matcher.matches()) {
        directives.add(directive(path, i + 1, matcher.group(1).replaceFirst("\\*/.*", "").strip()));
      }
    }
    return new Source(path, lines, directives);
  }

  private static String text(Path path) {
    if (Files.isDirectory(path)) {
      throw ConfigException.at(path, 0, "", "it is a folder; name the .cu files in it");
    }
    byte[] bytes;
    try {
      if (Files.isRegularFile(path) && Files.size(path) > LARGEST_BYTES) {
        throw ConfigException.at(path, 0, "", "it has more than 16 MiB, which is no kernel file");
      }
      try (var in = Files.newInputStream(path)) {
        bytes = in.readNBytes((int) LARGEST_BYTES);
      }
    } catch (IOException e) {
      throw new ConfigException(path + ": cannot be read: " + StoreErrors.text(e), e);
    }
    for (byte each : bytes) {
      if (each == 0) {
        throw ConfigException.at(
            path,
            0,
            "",
            "it is no text; a kernel file is CUDA source, not what was compiled of it");
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.isBlank()) {
      throw ConfigException.at(path, 0, "", "it is empty");
    }
    return text;
  }

  private static Directive directive(Path path, int line, String text) {
    String kernel = null;
    Settings settings = Settings.NONE;
    if (text.isEmpty()) {
      throw ConfigException.at(
          path, line, "gpubench-check", "expected such as kernel=saxpy grid=4 n=1000 x=f32[n]");
    }
    for (String part : text.split("\\s+")) {
      Matcher word = WORD.matcher(part);
      if (!word.matches()) {
        throw ConfigException.at(
            path, line, "gpubench-check", "'" + part + "' is not understood; expected NAME=VALUE");
      }
      String key = word.group(1);
      String value = word.group(2);
      if (value == null && !key.equals("skip") && !key.equals("cooperative")) {
        throw ConfigException.at(path, line, "gpubench-check", "'" + key + "' has no value");
      }
      try {
        if (key.equals("kernel")) {
          kernel = value;
        } else if (key.equals("skip")) {
          settings = settings.skipping();
        } else {
          settings = settings.with(key, value == null ? "true" : value);
        }
      } catch (ConfigException e) {
        throw ConfigException.at(path, line, key, String.valueOf(e.getMessage()));
      }
    }
    return new Directive(line, kernel, settings);
  }
}
