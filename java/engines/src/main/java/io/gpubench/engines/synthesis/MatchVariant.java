// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How an engine on the processors matches patterns. */
public enum MatchVariant {
  /** Looks at every pattern for every node. */
  BRUTE,
  /** Looks for a node only at those patterns whose root asks for its kind and its symbol. */
  INDEX;

  /** As it is set and told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words. */
  static List<String> words() {
    return Arrays.stream(values()).map(MatchVariant::word).toList();
  }

  /** The variant of that {@link #word}, which is one of {@link #words}. */
  static MatchVariant of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
