// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForestGeneratorTest {
  private static Forest forest(long nodes, long seed, double literals, long sample) {
    var generator = new ForestGenerator(ForestShape.of(nodes, seed), seed, literals);
    Forest forest =
        Forest.allocate(
            bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]),
            nodes,
            generator.shape().trees());
    generator.fill(forest, sample);
    return forest;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 5", "5, 1", "1000, 2", "1025, 3", "99991, 4"})
  void treesAreWellFormed(long nodes, long seed) {
    Forest forest = forest(nodes, seed, 0.5, 0);
    assertEquals(nodes, forest.nodes());
    assertEquals(0, forest.treeStartAt(0));
    assertEquals(nodes, forest.treeStartAt(forest.trees()));
    for (int tree = 0; tree < forest.trees(); tree++) {
      long first = forest.treeStartAt(tree);
      long end = forest.treeStartAt(tree + 1);
      assertTrue(end - first <= Forest.MOST_NODES_OF_TREE);
      assertTrue(end - first >= ForestShape.LEAST_NODES_OF_TREE || tree == forest.trees() - 1);
      long made = first + 1;
      for (long node = first; node < end; node++) {
        int arity = forest.arityAt(node);
        Kind kind = forest.kindAt(node);
        assertTrue(kind == Kind.CALL ? arity <= Kind.MOST_ARGUMENTS : arity == kind.arity());
        assertEquals(arity == 0 ? 0 : made, forest.firstChildAt(node));
        assertTrue(forest.symbolAt(node) >= 0 && forest.symbolAt(node) < Forest.SYMBOLS);
        assertTrue(kind == Kind.LITERAL || forest.valueAt(node) == 0);
        assertTrue(node < made, "a node without a parent");
        made += arity;
      }
      assertEquals(end, made);
    }
  }

  /** Whoever changes what the generator makes changes every result that was ever stored. */
  @Test
  void theForestsOfASeedStayWhatTheyAre() {
    Forest forest = forest(100_003, 7, 0.5, 3);
    long digest = 0;
    for (MemorySegment array : forest.arrays()) {
      digest = 31 * digest + SynthesisSolution.checksum(array).digest();
    }
    assertEquals(-8916514457156452104L, digest);
  }

  @Test
  void patternsAndTemplatesOfASeedStayWhatTheyAre() {
    var rotation =
        new SynthesisRotation(
            Synthesis.EXPAND, new SynthesisParameters(100_003, 500, true, 0.5, 7));
    var text = new StringBuilder();
    for (int p = 0; p < 500; p++) {
      text.append(rotation.patterns().pattern(p)).append(rotation.templates().template(p));
    }
    assertEquals(1533202057, text.toString().hashCode());
  }

  /** Three quarters are cut from the forest: as they are, they match where they were cut. */
  @Test
  void patternsAreCutFromTheForest() {
    var rotation =
        new SynthesisRotation(Synthesis.MATCH, new SynthesisParameters(20_000, 200, true, 0.5, 3));
    int inner = 0;
    try (var arena = Arena.ofShared()) {
      rotation.solve(0, rotation.allocate(arena), arena);
      Forest forest = rotation.allocate(arena);
      rotation.generator().fill(forest, 0);
      for (int p = 0; p < 200; p++) {
        long[] counts =
            MatchOracle.counts(
                forest, PatternSet.of(List.of(rotation.patterns().pattern(p))), 0, forest.nodes());
        assertTrue(p % 4 == 3 || counts[0] > 0, rotation.patterns().pattern(p).toString());
        inner += rotation.patterns().pattern(p).root().levels() > 1 ? 1 : 0;
      }
    }
    assertTrue(inner > 180, "of more than one level: " + inner);
  }

  @Test
  void aTreeByItselfIsThatOfTheForest() {
    Forest forest = forest(5000, 9, 0.3, 2);
    var generator = new ForestGenerator(ForestShape.of(5000, 9), 9, 0.3);
    for (int tree = 0; tree < forest.trees(); tree++) {
      assertEquals(forest.tree(tree), generator.tree(2, tree).tree(0));
    }
  }

  @Test
  void samplesAndSeedsDiffer() {
    Forest one = forest(1000, 1, 0.5, 0);
    assertNotEquals(-1, one.symbol().mismatch(forest(1000, 1, 0.5, 1).symbol()));
    assertNotEquals(-1, one.symbol().mismatch(forest(1000, 2, 0.5, 0).symbol()));
    assertEquals(-1, one.treeStart().mismatch(forest(1000, 1, 0.5, 1).treeStart()));
  }

  /** Zipf's law with exponent 1.1: each share within five standard deviations. */
  @Test
  void symbols() {
    int nodes = 1 << 20;
    Forest forest = forest(nodes, 11, 0.5, 0);
    int[] found = new int[Forest.SYMBOLS];
    for (long node = 0; node < nodes; node++) {
      found[forest.symbolAt(node)]++;
    }
    double sum = 0;
    for (int s = 0; s < Forest.SYMBOLS; s++) {
      sum += StrictMath.pow(s + 1.0, -1.1);
    }
    for (int s : new int[] {0, 1, 2, 3, 5, 10, 50, 100, 1000}) {
      double expected = nodes * StrictMath.pow(s + 1.0, -1.1) / sum;
      assertEquals(expected, found[s], 5 * Math.sqrt(expected), "symbol " + s);
    }
    int rare = 0;
    double expected = 0;
    for (int s = 2000; s < Forest.SYMBOLS; s++) {
      rare += found[s];
      expected += nodes * StrictMath.pow(s + 1.0, -1.1) / sum;
    }
    assertEquals(expected, rare, 5 * Math.sqrt(expected));
  }

  /** As many trees between 4 and 64 nodes as between 64 and 1,024. */
  @Test
  void sizesAreLogUniform() {
    var shape = ForestShape.of(1 << 22, 13);
    int small = 0;
    for (int tree = 0; tree < shape.trees(); tree++) {
      small += shape.size(tree) < 64 ? 1 : 0;
    }
    double share = Math.log(64 / 4.0) / Math.log(1025 / 4.0);
    double expected = share * shape.trees();
    assertEquals(expected, small, 5 * Math.sqrt(expected * (1 - share)));
  }

  @Test
  void literals() {
    int nodes = 1 << 18;
    for (double share : new double[] {0, 0.25, 1}) {
      Forest forest = forest(nodes, 17, share, 0);
      int literals = 0;
      int leaves = 0;
      int zeros = 0;
      for (long node = 0; node < nodes; node++) {
        Kind kind = forest.kindAt(node);
        literals += kind == Kind.LITERAL ? 1 : 0;
        zeros += kind == Kind.LITERAL && forest.valueAt(node) == 0 ? 1 : 0;
        leaves += kind == Kind.LITERAL || kind == Kind.VARIABLE ? 1 : 0;
      }
      assertEquals(share * leaves, literals, 5 * Math.sqrt(leaves * share * (1 - share)) + 1e-9);
      assertEquals(literals / 8.0, zeros, 5 * Math.sqrt(literals / 8.0) + literals / 1000.0);
      assertTrue(leaves > nodes / 2 && leaves < nodes * 3 / 5, "leaves: " + leaves);
    }
  }
}
