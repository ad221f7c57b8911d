// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.util.List;
import java.util.regex.Pattern;

/** The log of a compiler in one line, for a message. */
final class CompilerLog {
  private static final int SHOWN = 3;
  private static final Pattern ERROR =
      Pattern.compile("\\b(error|fatal)\\s*:", Pattern.CASE_INSENSITIVE);

  private CompilerLog() {}

  /** The first errors, or the first lines where none is marked as such, and how many follow. */
  static String shortened(String log) {
    List<String> lines = log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    List<String> errors = lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
    List<String> told = errors.isEmpty() ? lines : errors;
    String first = String.join("; ", told.subList(0, Math.min(SHOWN, told.size())));
    int more = told.size() - SHOWN;
    return more <= 0 ? first : "%s; and %d more".formatted(first, more);
  }

  /** All of it, with its line breaks replaced. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
