// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns as kernels read them: flat. Each pattern's nodes follow each other in reading order, the
 * root first, each as two 32-bit words:
 *
 * <pre>
 * mask   bits 0 .. 19   which bits of a node's {@link Forest#header} are asked for; 0 of a wildcard
 * want   bits 0 .. 19   what these are to be
 *        bits 20 .. 23  which child of its parent, from 0
 *        bits 24 .. 25  level: 0 of the root, 1, 2
 *        bit 26         whether it is a wildcard
 *        bits 27 .. 30  how many children a node must have at least
 * </pre>
 *
 * Immutable; used by any thread.
 */
public final class PatternSet {
  /** The most patterns of a set. */
  public static final int MOST = 4096;

  /** The most nodes of a pattern: a root, its children and theirs. */
  public static final int MOST_NODES_OF_PATTERN =
      1 + Kind.MOST_ARGUMENTS + Kind.MOST_ARGUMENTS * Kind.MOST_ARGUMENTS;

  /** The bits of a header. */
  public static final int HEADER_MASK = (1 << 20) - 1;

  public static final int CHILD_SHIFT = 20;
  public static final int CHILD_MASK = 15;
  public static final int LEVEL_SHIFT = 24;
  public static final int LEVEL_MASK = 3;
  public static final int WILDCARD = 1 << 26;
  public static final int LEAST_ARITY_SHIFT = 27;

  private static final int KIND_MASK = Forest.header(15, 0, 0);
  private static final int ARITY_MASK = Forest.header(0, 15, 0);
  private static final int SYMBOL_MASK = Forest.header(0, 0, Forest.SYMBOLS - 1);

  private final List<Pattern> patterns;
  private final int[] starts;
  private final int[] entries;

  private PatternSet(List<Pattern> patterns) {
    this.patterns = List.copyOf(patterns);
    var words = new ArrayList<Integer>();
    starts = new int[patterns.size() + 1];
    for (int p = 0; p < patterns.size(); p++) {
      starts[p] = words.size() / 2;
      flatten(patterns.get(p).root(), 0, 0, words);
    }
    starts[patterns.size()] = words.size() / 2;
    entries = words.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * A set of these, in their order.
   *
   * @throws ConfigException when there are none or more than {@value #MOST}
   */
  public static PatternSet of(List<Pattern> patterns) {
    if (patterns.isEmpty() || patterns.size() > MOST) {
      throw new ConfigException("%,d patterns, expected 1 .. %,d".formatted(patterns.size(), MOST));
    }
    return new PatternSet(patterns);
  }

  /** A set of what these texts denote. */
  public static PatternSet parse(String... texts) {
    return of(List.of(texts).stream().map(Pattern::parse).toList());
  }

  private static void flatten(Pattern.Node node, int level, int child, List<Integer> words) {
    int mask = 0;
    int want = child << CHILD_SHIFT | level << LEVEL_SHIFT;
    switch (node) {
      case Pattern.Wildcard _ -> want |= WILDCARD;
      case Pattern.Asked(Kind kind, int symbol, int arity, List<Pattern.Node> children) -> {
        mask =
            KIND_MASK
                | (arity == Pattern.ANY ? 0 : ARITY_MASK)
                | (symbol == Pattern.ANY ? 0 : SYMBOL_MASK);
        want |=
            Forest.header(kind.number(), Math.max(0, arity), Math.max(0, symbol))
                | children.size() << LEAST_ARITY_SHIFT;
      }
    }
    words.add(mask);
    words.add(want);
    for (int i = 0; i < node.children().size(); i++) {
      flatten(node.children().get(i), level + 1, i, words);
    }
  }

  /** 1 .. {@value #MOST}. */
  public int size() {
    return patterns.size();
  }

  public Pattern pattern(int index) {
    return patterns.get(index);
  }

  /** How many nodes all patterns have. */
  public int nodes() {
    return starts[patterns.size()];
  }

  /** The first node of each pattern, and behind them {@link #nodes}. */
  public int[] starts() {
    return starts.clone();
  }

  /** Of each node mask and want, side by side. */
  public int[] entries() {
    return entries.clone();
  }

  /** Whether what a pattern's root asks for is so in a header; its children are not looked at. */
  boolean rootMatches(int pattern, int header) {
    int at = 2 * starts[pattern];
    return (header & entries[at]) == (entries[at + 1] & HEADER_MASK);
  }

  /** The same without the arity. */
  boolean rootMatchesButArity(int pattern, int header) {
    int at = 2 * starts[pattern];
    return ((header ^ entries[at + 1]) & entries[at] & ~ARITY_MASK) == 0;
  }
}
