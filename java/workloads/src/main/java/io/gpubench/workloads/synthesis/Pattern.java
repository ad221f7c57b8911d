// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is looked for in a forest. It is written like a tree, {@code add#7(?, mul/2)}: a kind, where
 * it is asked for a symbol, where it is asked for an arity, and patterns for the first children in
 * their order. A question mark matches whatever there is, and binds it.
 *
 * @param root of at most {@value #MOST_LEVELS} levels
 */
public record Pattern(Node root) {
  /** How deep it looks. */
  public static final int MOST_LEVELS = 3;

  /** Of a symbol or an arity that is not asked for. */
  public static final int ANY = -1;

  /** What a node is compared with. */
  public sealed interface Node {
    /** How deep it looks, at least 1. */
    default int levels() {
      return 1 + children().stream().mapToInt(Node::levels).max().orElse(0);
    }

    /** Those of the first children of a node. */
    default List<Node> children() {
      return List.of();
    }
  }

  /** Matches whatever there is, and binds it. */
  public record Wildcard() implements Node {
    @Override
    public String toString() {
      return "?";
    }
  }

  /**
   * Asks for a node.
   *
   * @param symbol 0 .. 4,095, or {@link #ANY}
   * @param arity 0 .. 10, or {@link #ANY}; not less than there are children
   * @param children for the first children of the node, which must have so many
   */
  public record Asked(Kind kind, int symbol, int arity, List<Node> children) implements Node {
    public Asked {
      children = List.copyOf(children);
      if (symbol < ANY || symbol >= Forest.SYMBOLS) {
        throw new IllegalArgumentException("symbol " + symbol);
      }
      if (arity < ANY || arity > Kind.MOST_ARGUMENTS || children.size() > Kind.MOST_ARGUMENTS) {
        throw new IllegalArgumentException("arity " + arity + ", children " + children.size());
      }
      if (arity != ANY && arity < children.size()) {
        throw new IllegalArgumentException("arity " + arity + ", children " + children.size());
      }
    }

    @Override
    public String toString() {
      String name =
          kind.word() + (symbol == ANY ? "" : "#" + symbol) + (arity == ANY ? "" : "/" + arity);
      return children.isEmpty()
          ? name
          : children.stream()
              .map(Node::toString)
              .collect(Collectors.joining(", ", name + "(", ")"));
    }
  }

  public Pattern {
    if (root.levels() > MOST_LEVELS) {
      throw new ConfigException(
          "pattern '%s' has %d levels, expected at most %d"
              .formatted(root, root.levels(), MOST_LEVELS));
    }
  }

  /**
   * The pattern that a text denotes.
   *
   * @throws ConfigException in one line, when it denotes none
   */
  public static Pattern parse(String text) {
    var notation = new Notation("pattern", text, MOST_LEVELS);
    Node root = node(notation);
    notation.end();
    return new Pattern(root);
  }

  private static Node node(Notation notation) {
    if (notation.after('?')) {
      return new Wildcard();
    }
    Kind kind = notation.kind();
    int symbol = notation.after('#') ? notation.number(0, Forest.SYMBOLS - 1) : ANY;
    int arity = notation.after('/') ? notation.number(0, Kind.MOST_ARGUMENTS) : ANY;
    List<Node> children = notation.children(Pattern::node);
    if (children.size() > Kind.MOST_ARGUMENTS) {
      throw notation.wrong(
          "%d children of a node, expected at most %d"
              .formatted(children.size(), Kind.MOST_ARGUMENTS));
    }
    if (arity != ANY && arity < children.size()) {
      throw notation.wrong(
          "%s with %d children, of which %d are looked at"
              .formatted(kind.word(), arity, children.size()));
    }
    return new Asked(kind, symbol, arity, children);
  }

  /**
   * Where the wildcards are, in reading order: for each the indexes of the children on the way from
   * the root, none for the root.
   */
  public List<List<Integer>> wildcards() {
    var paths = new ArrayList<List<Integer>>();
    collect(root, List.of(), paths);
    return paths;
  }

  private static void collect(Node node, List<Integer> path, List<List<Integer>> paths) {
    if (node instanceof Wildcard) {
      paths.add(path);
    }
    for (int i = 0; i < node.children().size(); i++) {
      var deeper = new ArrayList<>(path);
      deeper.add(i);
      collect(node.children().get(i), List.copyOf(deeper), paths);
    }
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
