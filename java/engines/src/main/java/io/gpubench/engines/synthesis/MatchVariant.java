// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How an engine on the processors looks for patterns. */
public enum MatchVariant {
  /** Compares each node with every pattern. */
  BRUTE,
  /** Looks up by what a root asks for with which patterns a node is compared. */
  INDEX;

  /** As it is set and told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words. */
  static List<String> words() {
    return Arrays.stream(values()).map(MatchVariant::word).toList();
  }

  /** The variant of a word, which is one of {@link #words}. */
  static MatchVariant of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
