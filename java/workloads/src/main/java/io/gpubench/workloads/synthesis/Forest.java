// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Syntax trees as a structure of arrays, one entry a node. Each tree lies breadth-first, the
 * children of a node side by side, and the trees one behind the other. Little-endian. Holds memory
 * of somebody else; whoever may access that may use it.
 *
 * @param kind unsigned bytes, the numbers of {@link Kind}s
 * @param arity unsigned bytes, 0 .. 10
 * @param symbol 32 bits, 0 .. 4,095
 * @param firstChild 32 bits, unsigned: the index of the first child in the whole forest; 0 for a
 *     node without children
 * @param value 32 bits, signed; 0 unless the node is a literal
 * @param treeStart 32 bits, unsigned: where each tree begins, and behind them the number of nodes
 */
public record Forest(
    MemorySegment kind,
    MemorySegment arity,
    MemorySegment symbol,
    MemorySegment firstChild,
    MemorySegment value,
    MemorySegment treeStart) {
  /** The most nodes of a forest. */
  public static final long MOST_NODES = 1L << 30;

  /** The most nodes of a tree. */
  public static final int MOST_NODES_OF_TREE = 1024;

  /** Symbols are 0 .. {@value} - 1. */
  public static final int SYMBOLS = 4096;

  /** What a node takes in all arrays together. */
  public static final int BYTES_OF_NODE = 2 * Byte.BYTES + 3 * Integer.BYTES;

  private static final long LOW_HALF = 0xFFFFFFFFL;
  private static final int ARITY_SHIFT = 4;
  private static final int SYMBOL_SHIFT = 8;

  /**
   * Takes memory for one, whose content is whatever that has.
   *
   * @param memory from a number of bytes, at least 1, to so much memory
   */
  public static Forest allocate(LongFunction<MemorySegment> memory, long nodes, int trees) {
    return new Forest(
            memory.apply(Math.max(1, nodes)),
            memory.apply(Math.max(1, nodes)),
            memory.apply(Math.max(1, nodes) * Integer.BYTES),
            memory.apply(Math.max(1, nodes) * Integer.BYTES),
            memory.apply(Math.max(1, nodes) * Integer.BYTES),
            memory.apply((trees + 1L) * Integer.BYTES))
        .first(nodes);
  }

  /** What one takes, in bytes. */
  public static long bytes(long nodes, long trees) {
    return nodes * BYTES_OF_NODE + (trees + 1) * Integer.BYTES;
  }

  /** This one with fewer nodes, all its trees and the same memory. */
  public Forest first(long nodes) {
    return new Forest(
        kind.asSlice(0, nodes),
        arity.asSlice(0, nodes),
        symbol.asSlice(0, nodes * Integer.BYTES),
        firstChild.asSlice(0, nodes * Integer.BYTES),
        value.asSlice(0, nodes * Integer.BYTES),
        treeStart);
  }

  /** The arrays in the order of their names in a record's answer. */
  public List<MemorySegment> arrays() {
    return List.of(kind, arity, symbol, firstChild, value, treeStart);
  }

  public long nodes() {
    return kind.byteSize();
  }

  public int trees() {
    return (int) (treeStart.byteSize() / Integer.BYTES) - 1;
  }

  public Kind kindAt(long node) {
    return Kind.of(kind.get(JAVA_BYTE, node));
  }

  public int arityAt(long node) {
    return arity.get(JAVA_BYTE, node);
  }

  public int symbolAt(long node) {
    return symbol.get(JAVA_INT_UNALIGNED, node * Integer.BYTES);
  }

  public long firstChildAt(long node) {
    return firstChild.get(JAVA_INT_UNALIGNED, node * Integer.BYTES) & LOW_HALF;
  }

  public int valueAt(long node) {
    return value.get(JAVA_INT_UNALIGNED, node * Integer.BYTES);
  }

  /** Where a tree begins; the number of nodes for the one behind the last. */
  public long treeStartAt(int tree) {
    return treeStart.get(JAVA_INT_UNALIGNED, tree * (long) Integer.BYTES) & LOW_HALF;
  }

  /** What patterns look at, in 20 bits: {@link #header(int, int, int)} of a node. */
  public int header(long node) {
    return header(kind.get(JAVA_BYTE, node), arityAt(node), symbolAt(node));
  }

  /** {@code kind | arity << 4 | symbol << 8}. */
  public static int header(int kind, int arity, int symbol) {
    return kind | arity << ARITY_SHIFT | symbol << SYMBOL_SHIFT;
  }

  /**
   * Stores a node.
   *
   * @param firstChild ignored where there is none
   */
  void set(long node, Kind of, int arity, int symbol, long firstChild, int value) {
    kind.set(JAVA_BYTE, node, (byte) of.number());
    this.arity.set(JAVA_BYTE, node, (byte) arity);
    long at = node * Integer.BYTES;
    this.symbol.set(JAVA_INT_UNALIGNED, at, symbol);
    this.firstChild.set(JAVA_INT_UNALIGNED, at, arity == 0 ? 0 : (int) firstChild);
    this.value.set(JAVA_INT_UNALIGNED, at, of == Kind.LITERAL ? value : 0);
  }

  /** Stores where a tree begins. */
  void setTreeStart(int tree, long node) {
    treeStart.set(JAVA_INT_UNALIGNED, tree * (long) Integer.BYTES, (int) node);
  }

  /** A tree as {@link SyntaxTree} objects. */
  public SyntaxTree tree(int tree) {
    return subtree(treeStartAt(tree));
  }

  private SyntaxTree subtree(long node) {
    long first = firstChildAt(node);
    var children = new SyntaxTree[arityAt(node)];
    for (int i = 0; i < children.length; i++) {
      children[i] = subtree(first + i);
    }
    return new SyntaxTree(kindAt(node), symbolAt(node), valueAt(node), List.of(children));
  }
}
