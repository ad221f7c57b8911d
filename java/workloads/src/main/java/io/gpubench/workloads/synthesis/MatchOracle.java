// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.workloads.words.Words;
import java.util.ArrayList;
import java.util.List;

/** Decides whether a pattern matches at a node, in plain Java, one after the other. */
public final class MatchOracle {
  private MatchOracle() {}

  /** Whether it does. */
  public static boolean matches(Forest forest, long node, Pattern pattern) {
    return matches(forest, node, pattern.root());
  }

  private static boolean matches(Forest forest, long node, Pattern.Node asks) {
    if (!(asks instanceof Pattern.Asked asked)) {
      return true;
    }
    int arity = forest.arityAt(node);
    if (forest.kindAt(node) != asked.kind()
        || (asked.symbol() != Pattern.ANY && asked.symbol() != forest.symbolAt(node))
        || (asked.arity() != Pattern.ANY && asked.arity() != arity)
        || asked.children().size() > arity) {
      return false;
    }
    for (int i = 0; i < asked.children().size(); i++) {
      if (!matches(forest, forest.firstChildAt(node) + i, asked.children().get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * For each pattern p how many of the nodes it matches at, at 2 p, and the sum of mix64 of their
   * indexes, at 2 p + 1.
   *
   * @param from the first node
   * @param to the one behind the last
   */
  public static long[] counts(Forest forest, PatternSet patterns, long from, long to) {
    long[] counts = new long[2 * patterns.size()];
    for (int p = 0; p < patterns.size(); p++) {
      for (long node = from; node < to; node++) {
        if (matches(forest, node, patterns.pattern(p))) {
          counts[2 * p]++;
          counts[2 * p + 1] += Words.mix64(node);
        }
      }
    }
    return counts;
  }

  /** The nodes that the wildcards of a pattern that matches bind, in reading order. */
  public static List<Long> bindings(Forest forest, long node, Pattern pattern) {
    var bound = new ArrayList<Long>();
    bind(forest, node, pattern.root(), bound);
    return bound;
  }

  private static void bind(Forest forest, long node, Pattern.Node asks, List<Long> bound) {
    if (asks instanceof Pattern.Wildcard) {
      bound.add(node);
    }
    for (int i = 0; i < asks.children().size(); i++) {
      bind(forest, forest.firstChildAt(node) + i, asks.children().get(i), bound);
    }
  }
}
