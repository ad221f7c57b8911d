// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One thread's part of matching: a block of whole trees at a time, so that what a pattern looks at
 * below a node is in the block. By index, the nodes of a block are sorted by the lists of patterns
 * that they may match. Of each pattern, the nodes that pass a test go on to its next one, without a
 * branch for each node. Of one thread.
 */
final class SynthesisMatcher {
  /** Nodes that a block has at least, unless the part ends; found by trying. */
  private static final int BLOCK_OF_INDEX = 8192;

  private static final int BLOCK_OF_FORCE = 2048;

  /** Nodes whose headers are compared before those that agree are looked for one by one. */
  private static final int GROUP = 64;

  /** With so many patterns it pays to put headers together in advance. */
  private static final int MANY = 100;

  /** Shifts the sign bit to the lowest, or all over a word. */
  private static final int SIGN = Integer.SIZE - 1;

  private static final int ARITY_SHIFT = 4;
  private static final int ARITY = 15;
  private static final int SYMBOL_SHIFT = 8;

  private final SynthesisPatterns patterns;
  private final boolean index;
  private final boolean whole; // headers are put together in advance
  private final int block;
  private final byte[] kinds;
  private final byte[] arities;
  private final int[] symbols;
  private final int[] children;
  private final int[] headers;
  private final int[] candidates;
  private final int[] sorted;
  private final int[] places;

  /** Two words a pattern: how many nodes match, and the sum of their mixed indices. */
  final long[] counts;

  /** Where the next match of a pattern is stored. */
  final long[] next;

  private MemorySegment list = MemorySegment.NULL;
  private boolean listing;
  private int base; // of the block

  SynthesisMatcher(SynthesisPatterns patterns, boolean index) {
    this.patterns = patterns;
    this.index = index;
    whole = !index || patterns.count >= MANY;
    block = index ? BLOCK_OF_INDEX : BLOCK_OF_FORCE;
    int most = block + Forest.MOST_NODES_OF_TREE;
    kinds = new byte[most];
    arities = new byte[most];
    symbols = new int[most];
    children = new int[most];
    headers = new int[most];
    candidates = new int[most];
    sorted = new int[2 * most];
    places = new int[patterns.listStarts.length];
    counts = new long[2 * patterns.count];
    next = new long[patterns.count];
  }

  /** Fills {@link #counts}. */
  void count(Forest forest, int firstTree, int endTree) {
    Arrays.fill(counts, 0);
    listing = false;
    trees(forest, firstTree, endTree);
  }

  /** Stores the nodes that match, from {@link #next} on, which goes on with them. */
  void list(Forest forest, int firstTree, int endTree, MemorySegment nodes) {
    listing = true;
    list = nodes;
    trees(forest, firstTree, endTree);
  }

  private void trees(Forest forest, int firstTree, int endTree) {
    MemorySegment starts = forest.treeStart();
    int tree = firstTree;
    while (tree < endTree) {
      int from = SynthesisFolder.start(starts, tree);
      int end;
      do {
        end = SynthesisFolder.start(starts, ++tree);
      } while (tree < endTree && end - from < block);
      load(forest, from, end - from);
      if (index) {
        byIndex(end - from);
      } else {
        byForce(end - from);
      }
    }
  }

  private void load(Forest forest, int from, int n) {
    base = from;
    MemorySegment.copy(forest.kind(), JAVA_BYTE, from, kinds, 0, n);
    MemorySegment.copy(forest.arity(), JAVA_BYTE, from, arities, 0, n);
    long at = Integer.BYTES * (long) from;
    MemorySegment.copy(forest.symbol(), JAVA_INT_UNALIGNED, at, symbols, 0, n);
    MemorySegment.copy(forest.firstChild(), JAVA_INT_UNALIGNED, at, children, 0, n);
    if (whole) {
      for (int i = 0; i < n; i++) {
        headers[i] = symbols[i] << SYMBOL_SHIFT | arities[i] << ARITY_SHIFT | kinds[i];
      }
    }
  }

  private void byIndex(int n) {
    byte[] some = patterns.some;
    int count = 0;
    for (int i = 0; i < n; i++) {
      candidates[count] = i;
      count += some[SynthesisPatterns.key(kinds[i], symbols[i])];
    }
    sort(count);
    for (int id = 1; id < places.length - 1; id++) {
      int from = places[id - 1];
      int to = places[id];
      if (from < to) {
        for (int at = patterns.listStarts[id]; at < patterns.listStarts[id + 1]; at++) {
          int pattern = patterns.listed[at];
          int test = patterns.starts[pattern];
          goOn(pattern, test + SynthesisPatterns.TEST_WORDS, pass(sorted, from, to, test));
        }
      }
    }
    if (patterns.everywhere.length > 0) {
      everywhere(n);
    }
  }

  /**
   * Sorts candidates by their lists, of which each has two or else list 0: those of a list end
   * where {@link #places} says, which is where those of the next begin.
   */
  private void sort(int count) {
    char[] bySymbol = patterns.bySymbol;
    char[] byKind = patterns.byKind;
    int[] ends = places;
    Arrays.fill(ends, 0);
    for (int k = 0; k < count; k++) {
      int i = candidates[k];
      ends[bySymbol[SynthesisPatterns.key(kinds[i], symbols[i])] + 1]++;
      ends[byKind[kinds[i]] + 1]++;
    }
    for (int id = 1; id < ends.length; id++) {
      ends[id] += ends[id - 1];
    }
    for (int k = 0; k < count; k++) {
      int i = candidates[k];
      sorted[ends[bySymbol[SynthesisPatterns.key(kinds[i], symbols[i])]]++] = i;
      sorted[ends[byKind[kinds[i]]]++] = i;
    }
  }

  /**
   * Has the first candidates go through the tests that a pattern has left; takes who passes all.
   */
  private void goOn(int pattern, int firstTest, int passed) {
    int count = passed;
    int end = patterns.starts[pattern + 1];
    for (int test = firstTest; test < end && count > 0; test += SynthesisPatterns.TEST_WORDS) {
      count = pass(candidates, 0, count, test);
    }
    if (count > 0) {
      take(pattern, count);
    }
  }

  /** Those of some nodes that pass a test become the first candidates; returns how many. */
  private int pass(int[] nodes, int from, int to, int test) {
    int[] tests = patterns.tests;
    int mask = tests[test + SynthesisPatterns.MASK];
    int want = tests[test + SynthesisPatterns.WANT];
    int child = tests[test + SynthesisPatterns.CHILD];
    int grandchild = tests[test + SynthesisPatterns.GRANDCHILD];
    int[] into = candidates;
    int count = 0;
    if (child < 0) {
      for (int k = from; k < to; k++) {
        int i = nodes[k];
        into[count] = i;
        count += agrees(header(i), mask, want);
      }
    } else if (grandchild < 0) {
      for (int k = from; k < to; k++) {
        int i = nodes[k];
        into[count] = i;
        count += agrees(header(children[i] - base + child), mask, want);
      }
    } else {
      for (int k = from; k < to; k++) {
        int i = nodes[k];
        int parent = children[i] - base + child;
        into[count] = i;
        count += agrees(header(children[parent] - base + grandchild), mask, want);
      }
    }
    return count;
  }

  private int header(int i) {
    return whole ? headers[i] : symbols[i] << SYMBOL_SHIFT | arities[i] << ARITY_SHIFT | kinds[i];
  }

  /** 1 where a header is as it is asked for and has as many children, else 0; no branch. */
  private static int agrees(int header, int mask, int want) {
    int differing = (header ^ want) & mask;
    int more = (header >>> ARITY_SHIFT & ARITY) - (want >>> PatternSet.LEAST_ARITY_SHIFT);
    return ((differing - 1) & ~more) >>> SIGN;
  }

  /** The first candidates match. */
  private void take(int pattern, int count) {
    if (listing) {
      long at = Integer.BYTES * next[pattern];
      for (int k = 0; k < count; k++) {
        list.set(JAVA_INT_UNALIGNED, at + 4L * k, base + candidates[k]);
      }
      next[pattern] += count;
      return;
    }
    long sum = 0;
    for (int k = 0; k < count; k++) {
      sum += Words.mix64((long) base + candidates[k]);
    }
    counts[2 * pattern] += count;
    counts[2 * pattern + 1] += sum;
  }

  /** All nodes match some patterns. */
  private void everywhere(int n) {
    for (int i = 0; i < n; i++) {
      candidates[i] = i;
    }
    for (int pattern : patterns.everywhere) {
      take(pattern, n);
    }
  }

  private void byForce(int n) {
    int[] tests = patterns.tests;
    for (int pattern = 0; pattern < patterns.count; pattern++) {
      int root = patterns.starts[pattern];
      if (root < patterns.starts[pattern + 1]) {
        int mask = tests[root + SynthesisPatterns.MASK];
        int want = tests[root + SynthesisPatterns.WANT];
        goOn(pattern, root + SynthesisPatterns.TEST_WORDS, passed(n, mask, want));
      }
    }
    if (patterns.everywhere.length > 0) {
      everywhere(n);
    }
  }

  /** Those of all nodes that pass the test of a root become the candidates; returns how many. */
  private int passed(int n, int mask, int want) {
    int count = 0;
    for (int from = 0; from < n; from += GROUP) {
      int to = Math.min(n, from + GROUP);
      if (agreeing(from, to, mask, want & PatternSet.HEADER_MASK)) {
        for (int i = from; i < to; i++) {
          candidates[count] = i;
          count += agrees(headers[i], mask, want);
        }
      }
    }
    return count;
  }

  /** Whether a header agrees; compares all of them, in vectors. */
  private boolean agreeing(int from, int to, int mask, int want) {
    int[] all = headers;
    int negative = 0;
    for (int i = from; i < to; i++) {
      negative |= ((all[i] & mask) ^ want) - 1;
    }
    return negative < 0;
  }
}
