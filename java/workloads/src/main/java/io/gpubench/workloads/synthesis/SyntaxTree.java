// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tree, or a part of one, as objects: slow and obvious. It is written {@code add#7(literal#0=3,
 * call#12())}: kind, symbol, value of a literal, children.
 *
 * @param symbol 0 .. 4,095
 * @param value 0 unless it is a literal
 */
public record SyntaxTree(Kind kind, int symbol, int value, List<SyntaxTree> children) {
  public SyntaxTree {
    children = List.copyOf(children);
    if (!kind.mayHave(children.size())) {
      throw new IllegalArgumentException(kind.word() + " with children: " + children.size());
    }
    if (symbol < 0 || symbol >= Forest.SYMBOLS) {
      throw new IllegalArgumentException("symbol " + symbol);
    }
  }

  /** A literal. */
  public static SyntaxTree literal(int symbol, int value) {
    return new SyntaxTree(Kind.LITERAL, symbol, value, List.of());
  }

  /** Any other node. */
  public static SyntaxTree of(Kind kind, int symbol, SyntaxTree... children) {
    return new SyntaxTree(kind, symbol, 0, List.of(children));
  }

  /**
   * The tree that a text denotes.
   *
   * @throws io.gpubench.measure.ConfigException in one line, when it denotes none
   */
  public static SyntaxTree parse(String text) {
    var notation = new Notation("tree", text, Forest.MOST_NODES_OF_TREE);
    SyntaxTree tree = parse(notation);
    notation.end();
    return tree;
  }

  private static SyntaxTree parse(Notation notation) {
    Kind kind = notation.kind();
    int symbol = notation.after('#') ? notation.number(0, Forest.SYMBOLS - 1) : 0;
    int value = notation.after('=') ? notation.number(Integer.MIN_VALUE, Integer.MAX_VALUE) : 0;
    List<SyntaxTree> children = notation.children(SyntaxTree::parse);
    if (!kind.mayHave(children.size())) {
      throw notation.wrong("%s with %d children".formatted(kind.word(), children.size()));
    }
    return new SyntaxTree(kind, symbol, value, children);
  }

  /** A forest of these trees, on the heap. */
  public static Forest forest(SyntaxTree... trees) {
    return forest(List.of(trees));
  }

  /** A forest of these trees, on the heap. */
  public static Forest forest(List<SyntaxTree> trees) {
    long nodes = 0;
    for (SyntaxTree tree : trees) {
      long size = tree.size();
      if (size > Forest.MOST_NODES_OF_TREE) {
        throw new IllegalArgumentException("a tree of %,d nodes".formatted(size));
      }
      nodes += size;
    }
    Forest forest =
        Forest.allocate(
            bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), nodes, trees.size());
    long at = 0;
    for (int i = 0; i < trees.size(); i++) {
      forest.setTreeStart(i, at);
      at = trees.get(i).store(forest, at);
    }
    forest.setTreeStart(trees.size(), at);
    return forest;
  }

  /**
   * Stores this tree breadth-first.
   *
   * @return the node behind it
   */
  long store(Forest forest, long first) {
    var queue = new ArrayList<SyntaxTree>();
    queue.add(this);
    for (int i = 0; i < queue.size(); i++) {
      SyntaxTree node = queue.get(i);
      forest.set(
          first + i,
          node.kind,
          node.children.size(),
          node.symbol,
          first + queue.size(),
          node.value);
      queue.addAll(node.children);
    }
    return first + queue.size();
  }

  /** How many nodes it has, at least 1. */
  public long size() {
    long size = 0;
    var open = new ArrayList<>(Arrays.asList(this));
    while (!open.isEmpty()) {
      SyntaxTree node = open.removeLast();
      size++;
      open.addAll(node.children);
    }
    return size;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    text.append(kind.word()).append('#').append(symbol);
    if (kind == Kind.LITERAL) {
      text.append('=').append(value);
    }
    for (int i = 0; i < children.size(); i++) {
      text.append(i == 0 ? "(" : ", ");
      children.get(i).write(text);
    }
    text.append(children.isEmpty() ? "" : ")");
  }
}
