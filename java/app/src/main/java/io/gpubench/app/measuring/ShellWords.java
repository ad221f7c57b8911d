// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import java.util.List;
import java.util.stream.Collectors;

/** Commands as a person pastes them into a POSIX shell. */
public final class ShellWords {
  private ShellWords() {}

  /** All words, quoted where that is needed, with a blank in between. */
  public static String quoted(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w.,:=/+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
