// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import java.util.ArrayList;

/**
 * Folds constants in a tree of objects, in plain Java, from the leaves to the root. A node of a
 * kind that folds becomes a literal when all its children are some, and keeps its symbol. Where the
 * condition of an {@code if} is a literal, the branch that it chooses takes its place. Since
 * children come first, nothing is left that could be folded.
 */
public final class RewriteOracle {
  private RewriteOracle() {}

  /** What a tree becomes. */
  public static SyntaxTree rewrite(SyntaxTree tree) {
    var children = new ArrayList<SyntaxTree>();
    boolean literals = true;
    for (SyntaxTree child : tree.children()) { // no stream: chains are deep
      SyntaxTree rewritten = rewrite(child);
      children.add(rewritten);
      literals &= rewritten.kind() == Kind.LITERAL;
    }
    if (tree.kind() == Kind.IF && children.getFirst().kind() == Kind.LITERAL) {
      return children.get(children.getFirst().value() == 0 ? 2 : 1);
    }
    if (tree.kind().folds() && literals) {
      int folded = tree.kind().fold(children.getFirst().value(), children.getLast().value());
      return SyntaxTree.literal(tree.symbol(), folded);
    }
    return new SyntaxTree(tree.kind(), tree.symbol(), tree.value(), children);
  }
}
