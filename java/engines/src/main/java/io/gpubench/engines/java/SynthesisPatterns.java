// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.workloads.synthesis.PatternSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Patterns as a program of words, in lists by what their roots ask for. A list is where it ends and
 * then, for each pattern of it, its number, where the next one begins, and a pair of words for each
 * of its nodes as a {@link PatternSet} has it, the root first; wildcards are left out, since the
 * least arity of a node says already that it has so many children. A list that begins at 0 is
 * empty. Immutable.
 */
final class SynthesisPatterns {
  /** Of the second word of a pair: set where the node is a child of a child of the root. */
  static final int DEEP = 2 << PatternSet.LEVEL_SHIFT;

  private static final int KIND = 0xF;
  private static final int ARITY_SHIFT = 4;
  private static final int SYMBOL_SHIFT = 8;
  private static final int SYMBOL_BITS = 12;
  private static final int SYMBOL = ((1 << SYMBOL_BITS) - 1) << SYMBOL_SHIFT;

  /** All lists, one behind the other. */
  final int[] program;

  /** Where the list of those begins whose root asks for a symbol, by {@link #key}. */
  final int[] bySymbol = new int[1 << SYMBOL_BITS + ARITY_SHIFT];

  /** Where the list of those begins whose root asks for none, by the kind that it asks for. */
  final int[] byKind = new int[KIND + 1];

  /** Where the list of all begins, in order, wildcards too. */
  final int all;

  /** Those that match every node. */
  final int[] everywhere;

  /** How many there are. */
  final int count;

  SynthesisPatterns(PatternSet patterns) {
    int[] starts = patterns.starts();
    int[] entries = patterns.entries();
    count = starts.length - 1;
    var program = new Program();
    var whole = new ArrayList<int[]>();
    var wild = new ArrayList<Integer>();
    for (int p = 0; p < count; p++) {
      int[] pattern = compiled(p, entries, starts[p], starts[p + 1]);
      whole.add(pattern);
      if ((entries[2 * starts[p] + 1] & PatternSet.WILDCARD) != 0) {
        wild.add(p);
      }
    }
    everywhere = wild.stream().mapToInt(Integer::intValue).toArray();
    all = program.list(whole);
    whole.stream()
        .filter(one -> mask(one) != 0 && (mask(one) & SYMBOL) == 0)
        .collect(Collectors.groupingBy(one -> want(one) & KIND))
        .forEach((kind, those) -> byKind[kind] = program.list(those));
    whole.stream()
        .filter(one -> (mask(one) & SYMBOL) != 0)
        .collect(Collectors.groupingBy(one -> key(want(one))))
        .forEach((key, those) -> bySymbol[key] = program.list(those));
    this.program = program.words();
  }

  /** Of a header: kind and symbol, less than 65,536. */
  static int key(int header) {
    return (header & KIND) << SYMBOL_BITS | (header & SYMBOL) >>> SYMBOL_SHIFT;
  }

  private static int mask(int[] pattern) {
    return pattern[2];
  }

  private static int want(int[] pattern) {
    return pattern[3] & PatternSet.HEADER_MASK;
  }

  /** Number, length, and pairs. */
  private static int[] compiled(int number, int[] entries, int from, int to) {
    int[] words = new int[2 + 2 * (to - from)];
    int at = 2;
    for (int q = from; q < to; q++) {
      if (q == from || (entries[2 * q + 1] & PatternSet.WILDCARD) == 0) {
        words[at++] = entries[2 * q];
        words[at++] = entries[2 * q + 1] & ~PatternSet.WILDCARD;
      }
    }
    words[0] = number;
    words[1] = at;
    return Arrays.copyOf(words, at);
  }

  /** Grows list by list; word 0 is never the beginning of one. */
  private static final class Program {
    private int[] words = new int[1 << 12];
    private int size = 1;

    /** Appends a list; 0 when it is empty. */
    int list(List<int[]> patterns) {
      if (patterns.isEmpty()) {
        return 0;
      }
      int begin = size;
      int end = begin + 1 + patterns.stream().mapToInt(pattern -> pattern.length).sum();
      if (end > words.length) {
        words = Arrays.copyOf(words, Math.max(end, 2 * words.length));
      }
      words[size++] = end;
      for (int[] pattern : patterns) {
        System.arraycopy(pattern, 0, words, size, pattern.length);
        words[size + 1] += size;
        size += pattern.length;
      }
      return begin;
    }

    int[] words() {
      return Arrays.copyOf(words, size);
    }
  }
}
