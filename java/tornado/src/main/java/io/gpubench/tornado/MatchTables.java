// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Patterns as kernels read them: one array of words, of which the first say where its parts begin.
 *
 * <pre>
 * filter   a word for each symbol: a bit for each kind that has a list with that symbol
 * ranges   two words for each kind and symbol: where its list of patterns begins and ends
 * lists    the patterns to compare with a node of that kind and symbol, and no others
 * masks    a word for each pattern: which bits its root asks for
 * wants    likewise: what these are to be
 * starts   a word for each pattern and one more: where its other tests begin
 * tests    four words each: mask, want, which child of the root, and which child of that one or -1
 * </pre>
 *
 * Masks and wants are those of a {@link PatternSet}. A wildcard below the root is no test, since
 * the least arity of its parent says already that it is there. Not instantiable.
 */
final class MatchTables {
  // words that tell where a part begins
  static final int FILTER = 0;
  static final int RANGES = 1;
  static final int MASKS = 2;
  static final int WANTS = 3;
  static final int STARTS = 4;

  // words of a test behind mask and want
  static final int CHILD = 2;
  static final int GRANDCHILD = 3;

  static final int TEST_WORDS = 4;
  static final int SYMBOL_BITS = 12;
  static final int SYMBOL_SHIFT = 8;
  static final int KINDS = 16;

  private static final int PLACES = 5;
  private static final int SYMBOL = (Forest.SYMBOLS - 1) << SYMBOL_SHIFT;

  /** What no header is, where nothing is asked for. */
  private static final int NOBODY = 1;

  private static final int KIND = KINDS - 1;

  private MatchTables() {}

  /** So many patterns are compared in {@link MatchKernels} by force: a multiple of 32. */
  static int padded(int patterns) {
    return Math.ceilDiv(patterns, Integer.SIZE) * Integer.SIZE;
  }

  /** The tables of these patterns. */
  static int[] of(PatternSet patterns) {
    int count = patterns.size();
    int[] nodes = patterns.starts();
    int[] entries = patterns.entries();
    int[] masks = new int[padded(count)];
    int[] wants = new int[masks.length];
    Arrays.fill(wants, count, wants.length, NOBODY);
    var starts = IntStream.builder();
    var tests = IntStream.builder();
    int words = 0;
    for (int p = 0; p < count; p++) {
      masks[p] = entries[2 * nodes[p]];
      wants[p] = entries[2 * nodes[p] + 1];
      starts.add(words);
      int child = -1;
      for (int q = nodes[p] + 1; q < nodes[p + 1]; q++) {
        int want = entries[2 * q + 1];
        int which = want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK;
        boolean first = (want >>> PatternSet.LEVEL_SHIFT & PatternSet.LEVEL_MASK) == 1;
        child = first ? which : child;
        if ((want & PatternSet.WILDCARD) == 0) {
          tests.add(entries[2 * q]).add(want).add(child).add(first ? -1 : which);
          words += TEST_WORDS;
        }
      }
    }
    starts.add(words);
    return joined(count, masks, wants, starts.build().toArray(), tests.build().toArray());
  }

  private static int[] joined(int count, int[] masks, int[] wants, int[] starts, int[] tests) {
    int[] filter = new int[Forest.SYMBOLS];
    int[] ranges = new int[2 * (KINDS << SYMBOL_BITS)];
    int places = PLACES;
    int filterAt = places;
    int rangesAt = filterAt + filter.length;
    int masksAt = rangesAt + ranges.length;
    int wantsAt = masksAt + masks.length;
    int startsAt = wantsAt + wants.length;
    int testsAt = startsAt + starts.length;
    int listsAt = testsAt + tests.length;
    int[] lists = lists(count, masks, wants, listsAt, filter, ranges);
    int[] all =
        Arrays.copyOf(
            new int[] {filterAt, rangesAt, masksAt, wantsAt, startsAt}, listsAt + lists.length);
    System.arraycopy(filter, 0, all, filterAt, filter.length);
    System.arraycopy(ranges, 0, all, rangesAt, ranges.length);
    System.arraycopy(masks, 0, all, masksAt, masks.length);
    System.arraycopy(wants, 0, all, wantsAt, wants.length);
    for (int p = 0; p < starts.length; p++) {
      all[startsAt + p] = testsAt + starts[p];
    }
    System.arraycopy(tests, 0, all, testsAt, tests.length);
    System.arraycopy(lists, 0, all, listsAt, lists.length);
    return all;
  }

  /** The lists from a place on; fills filter and ranges. Those of a kind alone are stored once. */
  private static int[] lists(
      int count, int[] masks, int[] wants, int begin, int[] filter, int[] ranges) {
    var lists = IntStream.builder();
    int at = begin;
    for (int kind = 0; kind < KINDS; kind++) {
      int[] ofKind = asking(count, masks, wants, kind, false);
      var bySymbol = new TreeMap<Integer, List<Integer>>();
      for (int p : asking(count, masks, wants, kind, true)) {
        int symbol = (wants[p] & SYMBOL) >>> SYMBOL_SHIFT;
        bySymbol.computeIfAbsent(symbol, _ -> new ArrayList<>()).add(p);
      }
      Arrays.stream(ofKind).forEach(lists::add);
      for (int symbol = 0; symbol < Forest.SYMBOLS; symbol++) {
        int range = 2 * (kind << SYMBOL_BITS | symbol);
        ranges[range] = at;
        ranges[range + 1] = at + ofKind.length;
        filter[symbol] |= ofKind.length > 0 ? 1 << kind : 0;
      }
      at += ofKind.length;
      for (Map.Entry<Integer, List<Integer>> entry : bySymbol.entrySet()) {
        int range = 2 * (kind << SYMBOL_BITS | entry.getKey());
        Arrays.stream(ofKind).forEach(lists::add);
        entry.getValue().forEach(lists::add);
        ranges[range] = at;
        at += ofKind.length + entry.getValue().size();
        ranges[range + 1] = at;
        filter[entry.getKey()] |= 1 << kind;
      }
    }
    return lists.build().toArray();
  }

  /** The patterns whose root may be of a kind, and which ask for a symbol or for none. */
  private static int[] asking(int count, int[] masks, int[] wants, int kind, boolean symbol) {
    return IntStream.range(0, count)
        .filter(p -> (masks[p] & SYMBOL) != 0 == symbol)
        .filter(p -> ((wants[p] ^ kind) & masks[p] & KIND) == 0)
        .toArray();
  }
}
