// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.workloads.random.Philox;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The patterns and templates of a seed. Pattern p is cut from one of the first {@value #TREES}
 * trees of the forest of sample 0, at a node with children where one is found in {@value #TRIES}
 * tries. It asks for kinds, and, by chance, for symbols and arities; what is below is a wildcard by
 * chance. In each fourth pattern one thing that a node is asked for is changed afterwards, so that
 * it may match nothing.
 *
 * <p>The template of a pattern has a run of printable characters, a hole, a run, a hole and so on:
 * one for each of the first {@value #MOST_HOLES} wildcards.
 */
final class PatternGenerator {
  private static final int TREES = 1024;
  private static final int TRIES = 8;
  private static final int MUTATED = 4;
  private static final int MOST_HOLES = 8;

  /** A run has fewer bytes than this. */
  private static final int RUN_BYTES = 25;

  private static final int FIRST_PRINTABLE = 32;
  private static final int PRINTABLES = 95;

  /** Streams of the keys of sample 0. */
  private static final int PATTERNS = 3;

  private static final int TEMPLATES = 4;

  /** Words that belong to a pattern. */
  private static final int WORDS_SHIFT = 16;

  private final ForestGenerator forests;
  private final long patternKey;
  private final long templateKey;

  PatternGenerator(ForestGenerator forests, long seed) {
    this.forests = forests;
    var keys = new SampleKeys(seed);
    patternKey = keys.of(0, PATTERNS);
    templateKey = keys.of(0, TEMPLATES);
  }

  /** So many, 1 .. {@link PatternSet#MOST}. */
  PatternSet patterns(int count) {
    var patterns = new ArrayList<Pattern>();
    for (int p = 0; p < count; p++) {
      patterns.add(pattern(p));
    }
    return PatternSet.of(patterns);
  }

  private Pattern pattern(int index) {
    var draws = new Draws(patternKey, index);
    int tree = draws.below(Math.min(TREES, forests.shape().trees()));
    Forest from = forests.tree(0, tree);
    long node = draws.below((int) from.nodes());
    for (int i = 1; i < TRIES && from.arityAt(node) == 0; i++) {
      node = draws.below((int) from.nodes());
    }
    var asked = new ArrayList<Pattern.Asked>();
    Pattern.Node root = cut(from, node, 0, draws, asked);
    if (index % MUTATED == MUTATED - 1) {
      Pattern.Asked of = asked.get(draws.below(asked.size()));
      root = changed(root, of, mutation(of, draws));
    }
    return new Pattern(root);
  }

  /** Collects what it asks for, the children first. */
  private static Pattern.Node cut(
      Forest from, long node, int level, Draws draws, List<Pattern.Asked> asked) {
    boolean named = level == 0 ? !draws.oneIn(16) || from.arityAt(node) == 0 : draws.oneIn(4);
    int symbol = named ? from.symbolAt(node) : Pattern.ANY;
    int arity = draws.oneIn(2) ? from.arityAt(node) : Pattern.ANY;
    var children = new ArrayList<Pattern.Node>();
    for (int i = 0; level + 1 < Pattern.MOST_LEVELS && i < from.arityAt(node); i++) {
      children.add(
          draws.oneIn(2)
              ? new Pattern.Wildcard()
              : cut(from, from.firstChildAt(node) + i, level + 1, draws, asked));
    }
    var cut = new Pattern.Asked(from.kindAt(node), symbol, arity, children);
    asked.add(cut);
    return cut;
  }

  private static Pattern.Asked mutation(Pattern.Asked of, Draws draws) {
    int kinds = Kind.values().length;
    return switch (draws.below(of.arity() == Pattern.ANY ? 2 : 3)) {
      case 0 ->
          new Pattern.Asked(
              Kind.of((of.kind().number() + 1 + draws.below(kinds - 1)) % kinds),
              of.symbol(),
              of.arity(),
              of.children());
      case 1 ->
          new Pattern.Asked(of.kind(), draws.below(Forest.SYMBOLS), of.arity(), of.children());
      default ->
          new Pattern.Asked(
              of.kind(),
              of.symbol(),
              of.arity() == Kind.MOST_ARGUMENTS ? Pattern.ANY : of.arity() + 1,
              of.children());
    };
  }

  /** The same pattern with another node in one place. */
  @SuppressWarnings("ReferenceEquality") // that very node, not one like it
  private static Pattern.Node changed(Pattern.Node in, Pattern.Asked of, Pattern.Asked to) {
    if (in == of) {
      return to;
    }
    return in instanceof Pattern.Asked(Kind kind, int symbol, int arity, List<Pattern.Node> below)
        ? new Pattern.Asked(
            kind, symbol, arity, below.stream().map(child -> changed(child, of, to)).toList())
        : in;
  }

  /** One for each of these patterns. */
  TemplateSet templates(PatternSet patterns) {
    var templates = new ArrayList<Template>();
    for (int p = 0; p < patterns.size(); p++) {
      var draws = new Draws(templateKey, p);
      var pieces = new ArrayList<Template.Piece>();
      int holes = Math.min(MOST_HOLES, patterns.pattern(p).wildcards().size());
      for (int hole = 0; hole < holes; hole++) {
        pieces.add(run(draws));
        pieces.add(new Template.Hole(hole));
      }
      pieces.add(run(draws));
      templates.add(new Template(pieces));
    }
    return TemplateSet.of(patterns, templates);
  }

  private static Template.Literal run(Draws draws) {
    var text = new StringBuilder();
    for (int i = draws.below(RUN_BYTES); i > 0; i--) {
      text.append((char) (FIRST_PRINTABLE + draws.below(PRINTABLES)));
    }
    return new Template.Literal(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** The random numbers of a pattern or template, one after the other. */
  private static final class Draws {
    private final long key;
    private long next;

    Draws(long key, int index) {
      this.key = key;
      next = (long) index << WORDS_SHIFT;
    }

    int below(int bound) {
      return (int) Philox.below(bound, Words.word(key, next++));
    }

    boolean oneIn(int cases) {
      return below(cases) == 0;
    }
  }
}
