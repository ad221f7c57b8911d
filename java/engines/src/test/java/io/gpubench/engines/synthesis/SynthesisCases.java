// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestGenerator;
import io.gpubench.workloads.synthesis.ForestShape;
import io.gpubench.workloads.synthesis.Kind;
import io.gpubench.workloads.synthesis.SyntaxTree;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Forests, patterns and templates by hand. */
final class SynthesisCases {
  /** As large as a tree may be. */
  private static final int MOST = Forest.MOST_NODES_OF_TREE;

  private static final Kind[] INNER = {
    Kind.NEG, Kind.ADD, Kind.SUB, Kind.MUL, Kind.MIN, Kind.MAX, Kind.IF, Kind.CALL
  };

  private SynthesisCases() {}

  /** A generated forest on the heap. */
  static Forest generated(long nodes, long seed, double literals) {
    var shape = ForestShape.of(nodes, seed);
    Forest forest =
        Forest.allocate(
            bytes -> MemorySegment.ofArray(new byte[(int) bytes]), nodes, shape.trees());
    new ForestGenerator(shape, seed, literals).fill(forest, 1);
    return forest;
  }

  static Forest forest(String... trees) {
    return SyntaxTree.forest(Arrays.stream(trees).map(SyntaxTree::parse).toList());
  }

  /** The same thing around a leaf, so many times. */
  static SyntaxTree chain(Kind kind, int times, SyntaxTree leaf) {
    SyntaxTree tree = leaf;
    for (int i = 0; i < times; i++) {
      tree = SyntaxTree.of(kind, i % Forest.SYMBOLS, tree);
    }
    return tree;
  }

  /** A call of ten calls of ten leaves. */
  static SyntaxTree wide(int lastSymbol) {
    SyntaxTree[] below = new SyntaxTree[10];
    for (int i = 0; i < 10; i++) {
      SyntaxTree[] leaves = new SyntaxTree[10];
      for (int k = 0; k < 10; k++) {
        int symbol = 10 * i + k == 99 ? lastSymbol : 10 * i + k;
        leaves[k] = SyntaxTree.of(Kind.VARIABLE, symbol);
      }
      below[i] = SyntaxTree.of(Kind.CALL, 200 + i, leaves);
    }
    return SyntaxTree.of(Kind.CALL, 7, below);
  }

  /** All 111 nodes of {@link #wide} with its symbols. */
  static String widePattern(int lastSymbol) {
    return "call#7/10("
        + String.join(
            ", ",
            IntStream.range(0, 10)
                .mapToObj(i -> "call#" + (200 + i) + "(" + leaves(i, lastSymbol) + ")")
                .toList())
        + ")";
  }

  private static String leaves(int i, int lastSymbol) {
    return String.join(
        ", ",
        IntStream.range(10 * i, 10 * i + 10)
            .mapToObj(k -> "variable#" + (k == 99 ? lastSymbol : k) + "/0")
            .toList());
  }

  /** Name, forest, patterns. */
  static Stream<Arguments> patterns() {
    String[] some = {
      "?",
      "variable",
      "literal#4095",
      "call/0",
      "call/3",
      "call#7",
      "call(?)",
      "call(?, ?, ?)",
      "neg(neg)",
      "neg(?)",
      "neg(neg(neg))",
      "neg#3/1(neg#2(neg#1))",
      "neg(neg(literal#9))",
      "neg(?, ?)",
      "neg/2",
      "variable(?)",
      "add(?, ?)",
      "add(?, mul(?, variable#5))",
      "add(variable#5)",
      "add(?)",
      "sub(neg(?), neg(?))",
      "if(?, ?, if(variable))",
      "call(?, ?, ?, ?, ?, ?, ?, ?, ?, call(?, ?, ?, ?, ?, ?, ?, ?, ?, variable#99))"
    };
    var cases = new ArrayList<Arguments>();
    cases.add(Arguments.of("one node", forest("variable#5"), some));
    cases.add(Arguments.of("one literal", forest("literal#4095=-1"), some));
    cases.add(Arguments.of("a call of nothing", forest("call#7()"), some));
    cases.add(
        Arguments.of("single nodes", forest(repeated("variable#5", 77, "call#7", 3_001)), some));
    cases.add(
        Arguments.of(
            "a chain",
            SyntaxTree.forest(chain(Kind.NEG, MOST - 1, SyntaxTree.literal(9, 1))),
            some));
    cases.add(
        Arguments.of(
            "chains of every length",
            SyntaxTree.forest(
                IntStream.range(0, 130)
                    .mapToObj(n -> chain(Kind.NEG, n, SyntaxTree.literal(9, 1)))
                    .toList()),
            some));
    cases.add(
        Arguments.of(
            "widest arity",
            SyntaxTree.forest(wide(99), wide(98), wide(99)),
            Stream.concat(
                    Stream.of(widePattern(99), widePattern(98), widePattern(97)),
                    Arrays.stream(some))
                .toArray(String[]::new)));
    cases.add(
        Arguments.of(
            "in the same place at every level",
            forest(
                "add#1(add#1(add#1(variable#5, variable#5), variable#5), mul(neg(variable), variable#5))",
                "add(variable#5, mul(variable, variable#5))",
                "if(variable, literal, if(variable, variable, if(literal, literal, literal)))",
                "sub(neg(variable), neg(literal#9=3))"),
            some));
    cases.add(Arguments.of("everything matches", generated(3_001, 5, 0.5), new String[] {"?"}));
    cases.add(
        Arguments.of(
            "everything matches, again and again",
            generated(1_025, 6, 0.5),
            new String[] {"?", "?", "add", "?", "add", "add"}));
    cases.add(
        Arguments.of(
            "nothing matches",
            generated(3_001, 7, 0),
            new String[] {"literal", "neg/2", "add/3(?)", "call(?, neg(?, ?))", "literal#0(?)"}));
    return cases.stream();
  }

  private static String[] repeated(String first, int times, String second, int again) {
    return Stream.concat(
            IntStream.range(0, times).mapToObj(_ -> first),
            IntStream.range(0, again).mapToObj(_ -> second))
        .toArray(String[]::new);
  }

  /** Name, patterns, templates. */
  static Stream<Arguments> templates() {
    String[] three = {"?", "add(?, ?)", "call(?, call(?, ?))"};
    return Stream.of(
        Arguments.of("empty", three, new String[] {"", "", ""}),
        Arguments.of("one of them empty", three, new String[] {"x", "", "{0}"}),
        Arguments.of("nothing but holes", three, new String[] {"{0}", "{1}{0}", "{2}{1}{0}"}),
        Arguments.of("holes at both ends", three, new String[] {"{0}-{0}", "{0}+{1}", "{2}, {0}"}),
        Arguments.of(
            "holes again and again",
            three,
            new String[] {"{0}{0}{0}{0}{0}", "{1}.{1}.{0}.{1}", "({2}{2}{2})"}),
        Arguments.of("no holes", three, new String[] {"a", "bc", "def"}),
        Arguments.of(
            "no wildcards", new String[] {"variable", "neg"}, new String[] {"variable", "-"}),
        Arguments.of("no matches", new String[] {"neg/2", "add/7"}, new String[] {"x", "yz"}),
        Arguments.of("around a word", three, new String[] {"1234567", "12345678", "123456789"}),
        Arguments.of(
            "around a line", three, new String[] {"x".repeat(15), "y".repeat(16), "z".repeat(17)}),
        Arguments.of(
            "longer than a cache's share",
            new String[] {"if", "add(?)", "neg(?)"},
            new String[] {
              "lo" + "n".repeat(9_000) + "g",
              "{0}" + "m".repeat(8_176) + "{0}",
              "{0}" + "k".repeat(40_000)
            }),
        Arguments.of(
            "bytes beyond ASCII, and braces",
            three,
            new String[] {"ü{{{0}}}", "\u0000\u00ff{0}{{", "→{1}←"}));
  }

  /** Name, forest, what it becomes. */
  static Stream<Arguments> foldings() {
    return Stream.of(
        folding("a literal", "literal#1=5", "literal#1=5"),
        folding("a variable", "variable#1", "variable#1"),
        folding("a call of nothing", "call#1()", "call#1()"),
        folding("neg", "neg#2(literal#1=5)", "literal#2=-5"),
        folding("neg wraps", "neg#2(literal=-2147483648)", "literal#2=-2147483648"),
        folding("add wraps", "add(literal=2147483647, literal=1)", "literal=-2147483648"),
        folding("sub wraps", "sub(literal=-2147483648, literal=1)", "literal=2147483647"),
        folding("mul wraps", "mul(literal=65537, literal=65537)", "literal=131073"),
        folding("mul of the least", "mul(literal=-2147483648, literal=-1)", "literal=-2147483648"),
        folding("min is signed", "min#3(literal=-1, literal=1)", "literal#3=-1"),
        folding("max is signed", "max#3(literal=-1, literal=1)", "literal#3=1"),
        folding("sub in order", "sub(literal=1, literal=3)", "literal=-2"),
        folding("a call never", "call#1(literal=1)", "call#1(literal=1)"),
        folding("below a call", "call#1(neg(literal=1))", "call#1(literal=-1)"),
        folding("half of an add", "add(neg(literal=1), variable#5)", "add(literal=-1, variable#5)"),
        folding("if", "if(literal=-7, variable#1, variable#2)", "variable#1"),
        folding("if not", "if(literal=0, variable#1, variable#2)", "variable#2"),
        folding(
            "if by what folds",
            "if(sub(literal=4, literal=4), variable#1, neg#8(literal=2))",
            "literal#8=-2"),
        folding(
            "if of ifs",
            "if(literal=1, if(literal=0, variable#1, if(literal=2, call#3(variable), variable)), variable)",
            "call#3(variable)"),
        folding(
            "if whose condition is an if",
            "if(if(literal=1, literal=0, variable), variable#1, variable#2)",
            "variable#2"),
        folding(
            "if whose branches fold, but not its condition",
            "if(variable, neg(literal=1), if(literal=0, literal, call#2()))",
            "if(variable, literal=-1, call#2())"),
        folding(
            "above an if", "add#4(if(literal=1, literal=3, variable), literal=4)", "literal#4=7"),
        folding(
            "levels change places",
            "call(if(literal=1, call#1(variable#10), literal), call#2(variable#20), if(literal=0, literal, call#3(call#4(), variable#30)))",
            "call(call#1(variable#10), call#2(variable#20), call#3(call#4(), variable#30))"),
        folding(
            "several trees",
            "neg(literal=1); variable#1; if(literal, variable, add(variable#2, variable#3)); literal=4",
            "literal=-1; variable#1; add(variable#2, variable#3); literal=4"));
  }

  private static Arguments folding(String name, String trees, String result) {
    return Arguments.of(name, trees, result);
  }

  /** A random tree in which much folds: of {@code size} nodes or a few more. */
  static SyntaxTree random(SplittableRandom random, int size) {
    if (size <= 1) {
      return switch (random.nextInt(4)) {
        case 0 -> SyntaxTree.of(Kind.VARIABLE, random.nextInt(4096));
        case 1 -> SyntaxTree.literal(random.nextInt(4096), random.nextInt(3) - 1);
        case 2 -> SyntaxTree.literal(random.nextInt(4096), random.nextInt());
        default -> SyntaxTree.literal(random.nextInt(4096), Integer.MIN_VALUE);
      };
    }
    Kind kind = INNER[random.nextInt(INNER.length)];
    int arity = kind == Kind.CALL ? random.nextInt(11) : kind.arity();
    SyntaxTree[] children = new SyntaxTree[arity];
    for (int i = 0; i < arity; i++) {
      children[i] = random(random, (size - 1) / arity);
    }
    return SyntaxTree.of(kind, random.nextInt(4096), children);
  }

  /** Many of them, of all sizes. */
  static List<SyntaxTree> randomTrees(long seed, int count) {
    var random = new SplittableRandom(seed);
    return IntStream.range(0, count)
        .mapToObj(_ -> random(random, 1 + random.nextInt(1 << random.nextInt(10))))
        .filter(tree -> tree.size() <= MOST)
        .toList();
  }
}
