// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.gpubench.workloads.synthesis.Forest;
import java.lang.foreign.MemorySegment;

/**
 * One thread's part of folding constants: some trees at a time, as arrays that fit into the
 * second-level cache. Each tree is gone through from its last node, whose children come behind it,
 * to the root, and then what is left from the root on, breadth-first. Of one thread.
 */
final class SynthesisFolder {
  /** Nodes that trees of one turn begin among; found by trying. */
  static final int TURN = 8192;

  private static final int MOST = TURN + Forest.MOST_NODES_OF_TREE;

  /** So many children are listed whether they are there or not. */
  private static final int FEW = 3;

  /** Shifts the sign bit to the lowest, or all over a word. */
  private static final int SIGN = Integer.SIZE - 1;

  private static final int LITERAL = 0;
  private static final int NEG = 2;
  private static final int ADD = 3;
  private static final int SUB = 4;
  private static final int MUL = 5;
  private static final int MIN = 6;
  private static final int MAX = 7;
  private static final int IF = 8;

  // what came in; children count from the first node of all
  private final byte[] kinds = new byte[MOST];
  private final byte[] arities = new byte[MOST];
  private final int[] symbols = new int[MOST];
  private final int[] children = new int[MOST];
  private final int[] values = new int[MOST];

  /** What each node stands for: itself, or what is left of an {@code if}. */
  private final int[] stands = new int[MOST + FEW];

  // what goes out, in the same way
  private final byte[] newKinds = new byte[MOST];
  private final byte[] newArities = new byte[MOST];
  private final int[] newSymbols = new int[MOST];
  private final int[] newChildren = new int[MOST];
  private final int[] newValues = new int[MOST];
  private final int[] newStarts = new int[MOST];
  private final int[] queue = new int[Forest.MOST_NODES_OF_TREE + FEW];
  private final int[] inner = new int[Forest.MOST_NODES_OF_TREE];
  private final int[] results = new int[IF];

  private int firstTree;
  private int trees;
  private int size;

  /**
   * Folds some trees.
   *
   * @return how many nodes are left
   */
  int fold(Forest forest, int first, int end) {
    MemorySegment starts = forest.treeStart();
    int from = start(starts, first);
    load(forest, from, start(starts, end) - from);
    firstTree = first;
    trees = end - first;
    size = 0;
    int root = 0;
    for (int tree = first; tree < end; tree++) {
      newStarts[tree - first] = size;
      int behind = start(starts, tree + 1) - from;
      fold(root, behind);
      emit(root);
      root = behind;
    }
    return size;
  }

  static int start(MemorySegment starts, int tree) {
    return starts.get(JAVA_INT_UNALIGNED, Integer.BYTES * (long) tree);
  }

  private void load(Forest forest, int from, int n) {
    long at = Integer.BYTES * (long) from;
    MemorySegment.copy(forest.kind(), JAVA_BYTE, from, kinds, 0, n);
    MemorySegment.copy(forest.arity(), JAVA_BYTE, from, arities, 0, n);
    MemorySegment.copy(forest.symbol(), JAVA_INT_UNALIGNED, at, symbols, 0, n);
    MemorySegment.copy(forest.firstChild(), JAVA_INT_UNALIGNED, at, children, 0, n);
    MemorySegment.copy(forest.value(), JAVA_INT_UNALIGNED, at, values, 0, n);
    for (int i = 0; i < n; i++) {
      children[i] -= from;
    }
    for (int i = 0; i < n; i++) {
      stands[i] = i;
    }
  }

  /** From the last node of a tree to its root; what has become a literal says so by its kind. */
  private void fold(int root, int behind) {
    int count = 0;
    for (int i = behind - 1; i >= root; i--) {
      inner[count] = i;
      count += ~((kinds[i] - NEG) | (IF - kinds[i])) >>> SIGN;
    }
    for (int k = 0; k < count; k++) {
      int i = inner[k];
      int kind = kinds[i];
      int first = stands[children[i]];
      if (kind != IF) {
        int second = stands[children[i] + ((NEG - kind) >>> SIGN)];
        // all bits are set unless both are literals; no branch, since nobody could foretell it
        int unlike = -(kinds[first] | kinds[second]) >> SIGN;
        values[i] = folded(kind, values[first], values[second]) & ~unlike;
        kinds[i] = (byte) (kind & unlike);
        arities[i] = (byte) (arities[i] & unlike);
      } else if (kinds[first] == LITERAL) {
        stands[i] = stands[children[i] + (values[first] != 0 ? 1 : 2)];
      }
    }
  }

  private int folded(int kind, int a, int b) {
    int[] by = results;
    by[NEG] = -a;
    by[ADD] = a + b;
    by[SUB] = a - b;
    by[MUL] = a * b;
    by[MIN] = Math.min(a, b);
    by[MAX] = Math.max(a, b);
    return by[kind];
  }

  /** Lists what is left of a tree, behind what is there already. */
  private void emit(int root) {
    int begin = size;
    int count = 1;
    queue[0] = stands[root];
    for (int i = 0; i < count; i++) {
      int node = queue[i];
      int at = begin + i;
      int arity = arities[node];
      newKinds[at] = kinds[node];
      newArities[at] = (byte) arity;
      newSymbols[at] = symbols[node];
      newValues[at] = values[node];
      newChildren[at] = arity == 0 ? 0 : begin + count;
      // most have no more than these; what is too much is overwritten
      int child = Math.max(0, children[node]);
      queue[count] = stands[child];
      queue[count + 1] = stands[child + 1];
      queue[count + 2] = stands[child + 2];
      for (int k = FEW; k < arity; k++) {
        queue[count + k] = stands[child + k];
      }
      count += arity;
    }
    size = begin + count;
  }

  /** Stores what was left last behind so many nodes. */
  void store(Forest forest, int before) {
    for (int i = 0; i < size; i++) {
      // a node without children keeps its 0
      newChildren[i] += before & (-newChildren[i] >> SIGN);
    }
    for (int i = 0; i < trees; i++) {
      newStarts[i] += before;
    }
    long at = Integer.BYTES * (long) before;
    MemorySegment.copy(newKinds, 0, forest.kind(), JAVA_BYTE, before, size);
    MemorySegment.copy(newArities, 0, forest.arity(), JAVA_BYTE, before, size);
    MemorySegment.copy(newSymbols, 0, forest.symbol(), JAVA_INT_UNALIGNED, at, size);
    MemorySegment.copy(newChildren, 0, forest.firstChild(), JAVA_INT_UNALIGNED, at, size);
    MemorySegment.copy(newValues, 0, forest.value(), JAVA_INT_UNALIGNED, at, size);
    MemorySegment.copy(
        newStarts,
        0,
        forest.treeStart(),
        JAVA_INT_UNALIGNED,
        Integer.BYTES * (long) firstTree,
        trees);
  }
}
