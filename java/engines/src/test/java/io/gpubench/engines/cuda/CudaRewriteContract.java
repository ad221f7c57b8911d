// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestGenerator;
import io.gpubench.workloads.synthesis.ForestShape;
import io.gpubench.workloads.synthesis.Kind;
import io.gpubench.workloads.synthesis.SyntaxTree;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.synthesis.SynthesisSolver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Constant folding on a device: the oracle's forests bit for bit, and wrong ones that are found.
 */
abstract class CudaRewriteContract extends CudaSynthesisContract {
  private static final SyntaxTree X = SyntaxTree.parse("variable#4095");

  CudaRewriteContract(String device) {
    super(device);
  }

  /** All variants, and sizes of blocks and windows. */
  static List<SynthesisRewriteTuning> tunings() {
    var tunings = new ArrayList<SynthesisRewriteTuning>();
    for (var variant : SynthesisRewriteTuning.Variant.values()) {
      tunings.add(new SynthesisRewriteTuning(variant, 256, SynthesisRewriteTuning.MOST_WINDOW));
      tunings.add(new SynthesisRewriteTuning(variant, 64, SynthesisRewriteTuning.LEAST_WINDOW));
      tunings.add(new SynthesisRewriteTuning(variant, 96, 1027));
    }
    return tunings;
  }

  private static SyntaxTree literal(int symbol, int value) {
    return SyntaxTree.literal(symbol, value);
  }

  private static SyntaxTree chain(int nodes, SyntaxTree leaf) {
    SyntaxTree tree = leaf;
    for (int i = 1; i < nodes; i++) {
      tree = SyntaxTree.of(Kind.NEG, i % Forest.SYMBOLS, tree);
    }
    return tree;
  }

  /** A complete tree of a kind with two children. */
  private static SyntaxTree complete(Kind kind, int levels, SyntaxTree... leaves) {
    if (levels == 1) {
      return leaves[0];
    }
    SyntaxTree[] others =
        leaves.length == 1 ? leaves : Arrays.copyOfRange(leaves, 1, leaves.length);
    return SyntaxTree.of(
        kind, levels, complete(kind, levels - 1, leaves), complete(kind, levels - 1, others));
  }

  /** Conditions within conditions, and branches within branches. */
  private static SyntaxTree ifs(int levels, int condition, SyntaxTree leaf) {
    if (levels == 0) {
      return leaf;
    }
    return SyntaxTree.of(
        Kind.IF,
        levels,
        levels % 3 == 0
            ? ifs(levels - 1, 1 - condition, literal(7, condition))
            : literal(1, condition),
        condition != 0 ? ifs(levels - 1, 1 - condition, leaf) : SyntaxTree.of(Kind.NEG, 2, X),
        condition != 0 ? SyntaxTree.of(Kind.ADD, 2, X, X) : ifs(levels - 1, 1 - condition, leaf));
  }

  private static SyntaxTree call(int symbol, SyntaxTree... arguments) {
    return SyntaxTree.of(Kind.CALL, symbol, arguments);
  }

  private static SyntaxTree[] ten(SyntaxTree argument) {
    return IntStream.range(0, 10).mapToObj(_ -> argument).toArray(SyntaxTree[]::new);
  }

  private static SyntaxTree arithmetic(Kind kind, int a, int b) {
    return SyntaxTree.of(kind, 5, literal(1, a), literal(2, b));
  }

  /** Forests that no generator would make. */
  static Stream<Arguments> forests() {
    int least = Integer.MIN_VALUE;
    int most = Integer.MAX_VALUE;
    var wraps = new ArrayList<SyntaxTree>();
    for (Kind kind : new Kind[] {Kind.ADD, Kind.SUB, Kind.MUL, Kind.MIN, Kind.MAX}) {
      for (int a : new int[] {least, -1, 0, 46_341, most}) {
        for (int b : new int[] {least, -1, 1, 46_341, most}) {
          wraps.add(arithmetic(kind, a, b));
        }
      }
    }
    wraps.add(SyntaxTree.of(Kind.NEG, 1, literal(1, least)));
    var moved = // levels change: what was last of a level comes before what was below
        SyntaxTree.of(
            Kind.IF,
            1,
            literal(2, 5),
            call(
                3,
                SyntaxTree.of(Kind.IF, 4, literal(5, 0), X, call(6, call(7, X, X), literal(8, 3))),
                call(9, SyntaxTree.of(Kind.IF, 10, literal(1, 1), call(11, X), X), X),
                call(12, call(13, ten(X)))),
            X);
    var deep = call(1, ten(call(2, ten(SyntaxTree.of(Kind.NEG, 3, literal(4, 9))))));
    return Stream.of(
        Arguments.of("a literal", List.of(literal(3, -7))),
        Arguments.of("a variable", List.of(X)),
        Arguments.of("one that folds", List.of(arithmetic(Kind.SUB, 3, 5))),
        Arguments.of("wraps around", wraps),
        Arguments.of(
            "chains of 1,024",
            List.of(
                chain(1024, literal(1, least + 1)), chain(1024, X), chain(1023, literal(2, 3)), X)),
        Arguments.of(
            "all or nothing",
            List.of(
                complete(Kind.MUL, 10, literal(1, 3)),
                complete(Kind.ADD, 10, X),
                complete(Kind.MIN, 10, literal(1, 3), literal(2, 4), X),
                complete(Kind.MAX, 9, X, literal(2, 4)))),
        Arguments.of(
            "ifs",
            List.of(
                ifs(1, 1, literal(9, 9)),
                ifs(9, 1, call(5, X, X)),
                ifs(8, 0, literal(4, 4)),
                SyntaxTree.of(Kind.IF, 1, X, literal(2, 2), literal(3, 3)),
                SyntaxTree.of(Kind.NEG, 1, ifs(7, 1, literal(8, -8))),
                SyntaxTree.of(Kind.ADD, 1, ifs(5, 0, literal(8, -8)), ifs(4, 1, literal(2, 1))))),
        Arguments.of("levels that change", List.of(moved, moved, call(1, moved, moved))),
        Arguments.of("widest", List.of(deep, call(1, ten(X)), call(2), deep)),
        Arguments.of(
            "many of one node",
            IntStream.range(0, 2100).mapToObj(i -> literal(i % 4096, i)).toList()),
        Arguments.of(
            "windows without an end of their own",
            Stream.of(1024, 1024, 1024, 1, 1024, 1022, 3, 1024, 2)
                .map(n -> chain(n, n % 2 == 0 ? X : literal(1, n)))
                .toList()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forests")
  void uploadedForests(String name, List<SyntaxTree> trees) {
    Forest forest = SyntaxTree.forest(trees);
    try (var session = open()) {
      for (SynthesisRewriteTuning tuning : tunings()) {
        assertRewritten(session, tuning, forest, name);
      }
    }
  }

  static Stream<Arguments> generated() {
    return Stream.of(
        Arguments.of(1L, 0.75),
        Arguments.of(5L, 1.0),
        Arguments.of(127L, 0.75),
        Arguments.of(1_025L, 0.9),
        Arguments.of(3_070L, 0.0),
        Arguments.of(3_071L, 1.0),
        Arguments.of(20_011L, 0.75));
  }

  @ParameterizedTest(name = "{0} nodes, {1} of the leaves literals")
  @MethodSource("generated")
  void generatedForests(long nodes, double literals) {
    var generator = new ForestGenerator(ForestShape.of(nodes, nodes), 3, literals);
    Forest forest =
        Forest.allocate(
            bytes -> MemorySegment.ofArray(new byte[(int) bytes]),
            nodes,
            generator.shape().trees());
    generator.fill(forest, 1);
    try (var session = open()) {
      for (SynthesisRewriteTuning tuning : tunings()) {
        assertRewritten(session, tuning, forest, "generated");
      }
    }
  }

  /** Twice, since a run leaves what the next one needs. */
  private static void assertRewritten(
      CudaSession session, SynthesisRewriteTuning tuning, Forest forest, String name) {
    try (var arena = Arena.ofShared();
        var in = new CudaForest(session.context(), forest.nodes(), forest.trees());
        var out = new CudaForest(session.context(), forest.nodes(), forest.trees());
        var stream = session.context().newStream()) {
      in.upload(forest);
      var rewrite =
          new CudaRewrite(kernels(session), tuning, forest.nodes(), forest.trees(), in.treeStart());
      SynthesisSolution right = SynthesisSolver.rewrite().solve(forest, arena);
      try (var scratch = rewrite.scratch()) {
        for (long run = 0; run < 2; run++) {
          out.poison(stream, run);
          rewrite.enqueue(stream, in, out, scratch);
          stream.synchronize();
          Forest found = out.download(arena, forest.nodes());
          assertNull(right.mismatch(found.arrays()), name + " by " + tuning + ", run " + run);
          for (int i = 0; i < found.arrays().size(); i++) {
            MemorySegment behind =
                found.arrays().get(i).asSlice(right.parts().get(i).content().byteSize());
            assertPoison(behind, found.arrays().get(i).byteSize() - behind.byteSize(), run);
          }
        }
      }
    }
  }

  /** Nothing was written behind what is left, which begins at a byte of its array. */
  private static void assertPoison(MemorySegment behind, long from, long run) {
    for (long at = 0; at < behind.byteSize(); at++) {
      int poison = SampleWords.poison(run) >> (8 * ((from + at) % Integer.BYTES));
      assertEquals((byte) poison, behind.get(ValueLayout.JAVA_BYTE, at), "byte " + (from + at));
    }
  }

  @ParameterizedTest
  @EnumSource
  void samplesOfAPiece(SynthesisRewriteTuning.Variant variant) {
    try (var session = open();
        var piece = piece(session, 9_001, variant);
        var stream = session.context().newStream()) {
      int last = piece.positions() - 1;
      long other = 0;
      for (long sample = 0; sample < SynthesisRotation.SLOTS + 2; sample++) {
        int position = (int) (sample % 2) * last;
        piece.input(stream, sample, position);
        piece.work(stream, position);
        piece.check(stream, sample, position);
        stream.synchronize();
        long current = sample;
        assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
        assertTrue(piece.digest(position) != other, "the digest of another sample");
        other = piece.digest(position);
      }
      assertEquals(9_001, piece.amount().units());
      assertEquals(SynthesisRotation.SLOTS, piece.inputs());
      assertEquals(variant.word(), piece.configuration().get("variant"));
      assertTrue(piece.demands().keySet().stream().allMatch("ceiling.copy"::equals));
    }
  }

  @ParameterizedTest
  @EnumSource
  void manySamplesOnTheirWay(SynthesisRewriteTuning.Variant variant) {
    try (var session = open();
        var piece = piece(session, 2_003, variant);
        var stream = session.context().newStream()) {
      assertManyRight(piece, stream);
    }
  }

  @Test
  void aRunByEachPathAndClock() {
    try (var session = open()) {
      assertRuns(session, Synthesis.REWRITE, Map.of("nodes", 2_003L));
    }
  }

  @Test
  void whatIsWrongIsFound() {
    try (var session = open();
        var piece = piece(session, 5_003, SynthesisRewriteTuning.Variant.LOOKBACK);
        var other = piece(session, 5_003, SynthesisRewriteTuning.Variant.TWOPASS);
        var stream = session.context().newStream()) {
      wrong(piece, stream, 0, () -> {});
      other.input(stream, 1, 0);
      wrong(piece, stream, 1, () -> other.work(stream, 0)); // on its own forests
      wrong(
          piece,
          stream,
          3,
          () -> {
            piece.work(stream, 0);
            piece.input(stream, 3, 0); // poisons the answer
          });
      piece.input(stream, 3, 0);
      other.workOn(stream, piece, 0);
      piece.check(stream, 3, 0);
      stream.synchronize();
      assertTrue(piece.right(3, 0), "the other variant");
      piece.check(stream, 4, 0);
      stream.synchronize();
      assertFalse(piece.right(4, 0), "input of another sample");
      assertFalse(piece.right(3, 0), "a verdict of another sample");
    }
  }

  private static void wrong(
      SynthesisRewritePiece piece, CudaStream stream, long sample, Runnable work) {
    piece.input(stream, sample, 0);
    work.run();
    piece.check(stream, sample, 0);
    stream.synchronize();
    assertFalse(piece.right(sample, 0), "sample " + sample);
    String text = piece.mismatch(sample, 0);
    assertTrue(text.contains("expected"), text);
    assertFalse(text.contains("\n"));
  }

  @Test
  void whatCannotBeIsSaidInOneLine() {
    try (var session = open()) {
      var refused =
          assertThrows(
              EngineException.class,
              () -> piece(session, 1L << 30, SynthesisRewriteTuning.Variant.LOOKBACK));
      String text = String.valueOf(refused.getMessage());
      assertTrue(text.matches("synthesis.rewrite with nodes=1073741824 takes .* fits"), text);
    }
    SynthesisRewriteTuning.check(tuning(Map.of()));
    SynthesisRewriteTuning.check(tuning(Map.of("block", 96L, "variant", "twopass")));
    var odd =
        assertThrows(
            ConfigException.class,
            () -> SynthesisRewriteTuning.check(tuning(Map.of("block", 100L))));
    assertEquals("block=100 is not a multiple of 32: 96 and 128 are", odd.getMessage());
  }

  private static ParameterValues tuning(Map<String, Object> values) {
    return new ParameterValues(values);
  }

  private static CudaKernels kernels(CudaSession session) {
    return new CudaKernels(session.context(), session.family(CudaSynthesisAdapter.FAMILY));
  }

  private static SynthesisRewritePiece piece(
      CudaSession session, long nodes, SynthesisRewriteTuning.Variant variant) {
    return new SynthesisRewritePiece(
        kernels(session),
        new SynthesisParameters(nodes, 0, false, 0.75, 1),
        new SynthesisRewriteTuning(variant, 128, 2048));
  }
}
