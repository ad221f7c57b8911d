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
 * One thread's part of matching: whole trees, as many at a time as fit into the first-level cache
 * with their headers, so that what a pattern looks at below a node is there already. Of one thread.
 */
final class SynthesisMatcher {
  /** Nodes that a block has at least, unless the part ends; found by trying. */
  private static final int BLOCK = 1024;

  private static final int MOST = BLOCK + Forest.MOST_NODES_OF_TREE;

  /** Nodes whose headers are compared before those that agree are looked for one by one. */
  private static final int GROUP = 128;

  private static final int ARITY_SHIFT = 4;
  private static final int ARITY = 15;
  private static final int KIND = 15;

  private final SynthesisPatterns patterns;
  private final boolean index;
  private final byte[] kinds = new byte[MOST];
  private final byte[] arities = new byte[MOST];
  private final int[] headers = new int[MOST];
  private final int[] children = new int[MOST];
  private final int[] agreeing = new int[GROUP];

  /** Two words a pattern: how many nodes match, and the sum of their mixed indices. */
  final long[] counts;

  /** Where the next match of a pattern is stored. */
  final long[] next;

  private MemorySegment list = MemorySegment.NULL;
  private boolean listing;
  private long base; // of the block

  SynthesisMatcher(SynthesisPatterns patterns, boolean index) {
    this.patterns = patterns;
    this.index = index;
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
      int from = start(starts, tree);
      int end;
      do {
        end = start(starts, ++tree);
      } while (tree < endTree && end - from < BLOCK);
      load(forest, from, end - from);
      if (index) {
        byIndex(end - from);
      } else {
        byForce(end - from);
      }
    }
  }

  private static int start(MemorySegment starts, int tree) {
    return starts.get(JAVA_INT_UNALIGNED, Integer.BYTES * (long) tree);
  }

  /** Reads so many nodes. */
  private void load(Forest forest, int from, int n) {
    base = from;
    MemorySegment.copy(forest.kind(), JAVA_BYTE, from, kinds, 0, n);
    MemorySegment.copy(forest.arity(), JAVA_BYTE, from, arities, 0, n);
    long at = Integer.BYTES * (long) from;
    MemorySegment.copy(forest.symbol(), JAVA_INT_UNALIGNED, at, headers, 0, n);
    MemorySegment.copy(forest.firstChild(), JAVA_INT_UNALIGNED, at, children, 0, n);
    for (int i = 0; i < n; i++) {
      headers[i] = headers[i] << 8 | arities[i] << ARITY_SHIFT | kinds[i];
    }
    for (int i = 0; i < n; i++) {
      children[i] -= from;
    }
  }

  private void byIndex(int n) {
    int[] bySymbol = patterns.bySymbol;
    int[] byKind = patterns.byKind;
    for (int i = 0; i < n; i++) {
      int header = headers[i];
      int some = byKind[header & KIND];
      if (some != 0) {
        look(some, i, header);
      }
      int own = bySymbol[SynthesisPatterns.key(header)];
      if (own != 0) {
        look(own, i, header);
      }
    }
    if (patterns.everywhere.length > 0) {
      everywhere(n);
    }
  }

  /** Tries all patterns of a list at a node. */
  private void look(int begin, int i, int header) {
    int[] program = patterns.program;
    int end = program[begin];
    for (int at = begin + 1; at < end; at = program[at + 1]) {
      if (agrees(header, program[at + 2], program[at + 3]) && agreesBelow(at, i)) {
        found(program[at], i);
      }
    }
  }

  private static boolean agrees(int header, int mask, int want) {
    return ((header ^ want) & mask) == 0
        && (header >>> ARITY_SHIFT & ARITY) >= want >>> PatternSet.LEAST_ARITY_SHIFT;
  }

  /** Whether what a pattern asks for below its root is there; its least arity is. */
  private boolean agreesBelow(int pattern, int i) {
    int[] program = patterns.program;
    int end = program[pattern + 1];
    int below = 0; // the first child of the child looked at last
    for (int at = pattern + 4; at < end; at += 2) {
      int want = program[at + 1];
      boolean deep = (want & SynthesisPatterns.DEEP) != 0;
      int child =
          (deep ? below : children[i]) + (want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK);
      if (!agrees(headers[child], program[at], want)) {
        return false;
      }
      if (!deep) {
        below = children[child];
      }
    }
    return true;
  }

  private void found(int pattern, int i) {
    long node = base + i;
    if (listing) {
      list.set(JAVA_INT_UNALIGNED, Integer.BYTES * next[pattern]++, (int) node);
    } else {
      counts[2 * pattern]++;
      counts[2 * pattern + 1] += Words.mix64(node);
    }
  }

  /** What matches every node is counted for all such patterns at once. */
  private void everywhere(int n) {
    if (listing) {
      for (int pattern : patterns.everywhere) {
        for (int i = 0; i < n; i++) {
          found(pattern, i);
        }
      }
      return;
    }
    long sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Words.mix64(base + i);
    }
    for (int pattern : patterns.everywhere) {
      counts[2 * pattern] += n;
      counts[2 * pattern + 1] += sum;
    }
  }

  private void byForce(int n) {
    int[] program = patterns.program;
    int end = program[patterns.all];
    for (int at = patterns.all + 1; at < end; at = program[at + 1]) {
      int mask = program[at + 2];
      int want = program[at + 3];
      for (int from = 0; from < n; from += GROUP) {
        int to = Math.min(n, from + GROUP);
        if (agreeing(from, to, mask, want & PatternSet.HEADER_MASK) != 0) {
          look(at, from, to, mask, want);
        }
      }
    }
  }

  /** How many headers agree; compares all of them, in vectors. */
  private int agreeing(int from, int to, int mask, int want) {
    int[] all = headers;
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += (((all[i] & mask) ^ want) - 1) >>> 31;
    }
    return sum;
  }

  /** Tries a pattern at those nodes of a group whose headers agree. */
  private void look(int pattern, int from, int to, int mask, int want) {
    int number = patterns.program[pattern];
    int header = want & PatternSet.HEADER_MASK;
    int least = want >>> PatternSet.LEAST_ARITY_SHIFT;
    int count = 0;
    for (int i = from; i < to; i++) {
      agreeing[count] = i;
      count += (((headers[i] & mask) ^ header) - 1) >>> 31;
    }
    for (int k = 0; k < count; k++) {
      int i = agreeing[k];
      if ((headers[i] >>> ARITY_SHIFT & ARITY) >= least && agreesBelow(pattern, i)) {
        found(number, i);
      }
    }
  }
}
