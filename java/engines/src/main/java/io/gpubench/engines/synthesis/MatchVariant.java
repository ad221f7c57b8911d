// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.workloads.synthesis.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How an engine on the processors looks for patterns. */
public enum MatchVariant {
  /** Compares each node with every pattern. */
  BRUTE(Filter.NONE),
  /** Compares a node only with those patterns whose root asks for its kind and its symbol. */
  INDEX(Filter.KIND_SYMBOL);

  private final Filter filter;

  MatchVariant(Filter filter) {
    this.filter = filter;
  }

  /** Which comparisons are executed. */
  public Filter filter() {
    return filter;
  }

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
