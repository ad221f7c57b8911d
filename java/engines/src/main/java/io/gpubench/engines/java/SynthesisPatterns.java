// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.workloads.synthesis.PatternSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Patterns as lists of tests, and in lists by what their roots ask for: by kind and symbol, or by
 * kind alone where a root asks for no symbol. A wildcard is no test, since the least arity of a
 * node says already that it has so many children. A test comes behind that of its parent.
 * Immutable.
 */
final class SynthesisPatterns {
  // the words of a test
  /** Which bits of a header are asked for. */
  static final int MASK = 0;

  /** What these are to be, and the least arity, as a {@link PatternSet} has them. */
  static final int WANT = 1;

  /** Of the children of the root, which is looked at; -1 for the root itself. */
  static final int CHILD = 2;

  /** Of the children of that one; -1 for itself. */
  static final int GRANDCHILD = 3;

  static final int TEST_WORDS = 4;

  private static final int SYMBOL_BITS = 12;
  private static final int SYMBOL_SHIFT = 8;
  private static final int SYMBOL = ((1 << SYMBOL_BITS) - 1) << SYMBOL_SHIFT;
  private static final int KIND = 0xF;

  /** How many there are. */
  final int count;

  /** The tests of all, one behind the other. */
  final int[] tests;

  /** Where in {@link #tests} those of each begin, and behind them where the last ones end. */
  final int[] starts;

  /** Those that match every node. */
  final int[] everywhere;

  /** The patterns of the lists, one list behind the other. List 0 is empty. */
  final int[] listed;

  /** Where in {@link #listed} each list begins, and behind them where the last one ends. */
  final int[] listStarts;

  /** The list of a kind and a symbol, by {@link #key}. */
  final char[] bySymbol = new char[(KIND + 1) << SYMBOL_BITS];

  /** The list of a kind. */
  final char[] byKind = new char[KIND + 1];

  /** 1 where one of the two lists of a {@link #key} is not empty. */
  final byte[] some = new byte[bySymbol.length];

  SynthesisPatterns(PatternSet patterns) {
    count = patterns.size();
    starts = new int[count + 1];
    int[] nodes = patterns.starts();
    int[] entries = patterns.entries();
    var words = new ArrayList<Integer>();
    for (int p = 0; p < count; p++) {
      addTests(entries, nodes[p], nodes[p + 1], words);
      starts[p + 1] = words.size();
    }
    tests = ints(words);
    everywhere = IntStream.range(0, count).filter(p -> starts[p] == starts[p + 1]).toArray();

    var ofKinds = new TreeMap<Integer, List<Integer>>();
    var ofSymbols = new TreeMap<Integer, List<Integer>>();
    for (int p = 0; p < count; p++) {
      if (starts[p] < starts[p + 1]) {
        int root = tests[starts[p] + WANT];
        int kind = root & KIND;
        if ((tests[starts[p] + MASK] & SYMBOL) == 0) {
          ofKinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(p);
        } else {
          int key = key(kind, (root & SYMBOL) >>> SYMBOL_SHIFT);
          ofSymbols.computeIfAbsent(key, _ -> new ArrayList<>()).add(p);
        }
      }
    }
    var lists = new ArrayList<Integer>();
    var begins = new ArrayList<Integer>(List.of(0));
    addLists(ofKinds, byKind, lists, begins);
    addLists(ofSymbols, bySymbol, lists, begins);
    begins.add(lists.size());
    listed = ints(lists);
    listStarts = ints(begins);
    for (int key = 0; key < some.length; key++) {
      some[key] = (byte) (bySymbol[key] != 0 || byKind[key >>> SYMBOL_BITS] != 0 ? 1 : 0);
    }
  }

  /** Of kind and symbol: less than 65,536. */
  static int key(int kind, int symbol) {
    return kind << SYMBOL_BITS | symbol;
  }

  private static void addTests(int[] entries, int from, int to, List<Integer> words) {
    int child = -1;
    for (int q = from; q < to; q++) {
      int want = entries[2 * q + 1];
      int level = want >>> PatternSet.LEVEL_SHIFT & PatternSet.LEVEL_MASK;
      int which = want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK;
      child = level == 0 ? -1 : level == 1 ? which : child;
      if ((want & PatternSet.WILDCARD) == 0) {
        words.add(entries[2 * q]);
        words.add(want);
        words.add(child);
        words.add(level == 2 ? which : -1);
      }
    }
  }

  private static void addLists(
      Map<Integer, List<Integer>> from, char[] by, List<Integer> listed, List<Integer> begins) {
    from.forEach((key, those) -> {
      by[key] = (char) begins.size();
      begins.add(listed.size());
      listed.addAll(those);
    });
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
