// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.cuda.SynthesisMatchTuning.Variant;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SyntaxTree;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.synthesis.SynthesisSolver;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each version of synthesis.match on a device: the oracle's answers, and wrong ones found. */
abstract class CudaMatchContract extends CudaContract {
  private static final Workload WORKLOAD =
      SynthesisWorkload.all().stream()
          .filter(workload -> workload.id().equals(Synthesis.MATCH.id()))
          .findFirst()
          .orElseThrow();

  /** Bytes behind a list that must stay as they are. */
  private static final long GUARD = 64;

  CudaMatchContract(String device) {
    super(device);
  }

  /** A tree of so many nodes, each the only child of the one before. */
  private static String chain(int nodes) {
    return "neg(".repeat(nodes - 1) + "variable" + ")".repeat(nodes - 1);
  }

  /** A call with ten arguments, each of which is what is given. */
  private static String call(String argument) {
    return "call(" + String.join(", ", java.util.Collections.nCopies(10, argument)) + ")";
  }

  static Stream<Arguments> byHand() {
    String widest = call(call("variable#7"));
    List<Arguments> forests =
        List.of(
            Arguments.of("one node", List.of("variable#3")),
            Arguments.of("a chain", List.of(chain(1024))),
            Arguments.of("widest arity", List.of("literal=1", widest, call("neg(literal#4=2)"))),
            Arguments.of(
                "small trees",
                List.of(
                    "add#7(literal#1=3, variable#2)",
                    "if(variable, add#7(variable#2, literal#1=5), neg(literal=1))",
                    "call",
                    "mul#5(sub(variable#9, literal), min(literal=1, max(literal, neg(variable))))",
                    "add#4095(add#4095(add#4095(variable#4095, variable), variable), variable)")));
    return forests.stream()
        .flatMap(forest ->
            Arrays.stream(Variant.values())
                .map(variant -> Arguments.of(forest.get()[0], forest.get()[1], variant)));
  }

  private static final PatternSet BY_HAND =
      PatternSet.parse(
          "?",
          "neg",
          "neg(?)",
          "neg(neg(?))",
          "neg(neg(neg))",
          "neg(neg(variable))",
          "variable",
          "variable#7",
          "literal#1",
          "add(?, ?)",
          "add#7(literal, ?)",
          "add#7(?, literal)",
          "add#7(literal#1, variable#2)",
          "add(add(add, ?), ?)",
          "add#4095(add#4095(add#4095))",
          "call/10",
          "call/10(?)",
          "call(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "call(?, ?, ?, ?, ?, ?, ?, ?, ?, call(?, ?, ?, ?, ?, ?, ?, ?, ?, variable#7))",
          "call(neg(literal#4), ?, neg(literal))",
          "call/0",
          "call",
          "if(?, add#7)",
          "if/3(variable, ?, neg(literal))",
          "mul#5(sub(?, literal), min(?, max/2))",
          "mul#5(sub(?, literal), min(?, max/3))",
          "mul#4",
          "sub(variable#9, literal)",
          "?",
          "max(?, neg/1)",
          "min/2",
          "literal",
          "call(call/10)",
          "neg#0(neg#0)");

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("byHand")
  void agreesOnForestsMadeByHand(String name, List<String> trees, Variant variant) {
    Forest forest = SyntaxTree.forest(trees.stream().map(SyntaxTree::parse).toList());
    try (var session = open()) {
      agrees(session, forest, BY_HAND, variant, false);
      agrees(session, forest, BY_HAND, variant, true);
      agrees(session, forest, PatternSet.parse("?"), variant, true); // all match
      agrees(session, forest, PatternSet.parse("max#11(?, min)"), variant, true); // none does
    }
  }

  static Stream<Arguments> generated() {
    return Arrays.stream(Variant.values())
        .flatMap(variant ->
            Stream.of(
                Arguments.of(1, 1, variant),
                Arguments.of(517, 31, variant),
                Arguments.of(2_051, 32, variant),
                Arguments.of(9_001, 33, variant),
                Arguments.of(1_537, 200, variant),
                Arguments.of(700, 4_096, variant)));
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns, {2}")
  @MethodSource("generated")
  void agreesOnGeneratedForests(int nodes, int patterns, Variant variant) {
    var rotation =
        new SynthesisRotation(
            Synthesis.MATCH, new SynthesisParameters(nodes, patterns, true, 0.5, 7));
    try (var session = open();
        var arena = Arena.ofShared()) {
      Forest forest = rotation.allocate(arena);
      rotation.solve(0, forest, arena);
      agrees(session, forest, rotation.patterns(), variant, false);
      agrees(session, forest, rotation.patterns(), variant, true);
    }
  }

  /** Many patterns with the same root, so that a node has several words of them. */
  @ParameterizedTest
  @EnumSource(Variant.class)
  void agreesOnPatternsOfOneRoot(Variant variant) {
    String[] texts =
        IntStream.range(0, 150)
            .mapToObj(i -> i % 3 == 0 ? "add(?, variable#" + i + ")" : "add#7(variable#" + i + ")")
            .toArray(String[]::new);
    Forest forest =
        SyntaxTree.forest(
            IntStream.range(0, 300)
                .mapToObj(i ->
                    SyntaxTree.parse(
                        "add#%d(variable#%d, variable#%d)".formatted(i % 2 * 7, i % 151, i % 97)))
                .toList());
    try (var session = open()) {
      agrees(session, forest, PatternSet.parse(texts), variant, true);
    }
  }

  /** So many tiles for each warp that their numbers begin anew. */
  @Test
  void agreesOnMoreTilesThanAreCounted() {
    var rotation =
        new SynthesisRotation(
            Synthesis.MATCH, new SynthesisParameters((1 << 20) + 5_000, 2, false, 0.5, 7));
    try (var session = open();
        var arena = Arena.ofShared()) {
      Forest forest = rotation.allocate(arena);
      rotation.solve(0, forest, arena);
      var tuning = new SynthesisMatchTuning(Variant.KINDS, 64, 1, 16);
      agrees(session, forest, rotation.patterns(), false, tuning);
    }
  }

  /** In the ways that there are of launching it. */
  private static void agrees(
      CudaSession session, Forest forest, PatternSet patterns, Variant variant, boolean listed) {
    if (listed) {
      agrees(session, forest, patterns, true, new SynthesisMatchTuning(variant, 64, 2, 0));
    } else {
      agrees(session, forest, patterns, false, new SynthesisMatchTuning(variant, 64, 0, 16));
      agrees(session, forest, patterns, false, new SynthesisMatchTuning(variant, 96, 1, 8));
    }
  }

  /** Runs it twice over poison. */
  private static void agrees(
      CudaSession session,
      Forest forest,
      PatternSet patterns,
      boolean listed,
      SynthesisMatchTuning tuning) {
    try (var arena = Arena.ofShared();
        var there = new CudaForest(session.context(), forest.nodes(), forest.trees());
        var matcher =
            new SynthesisMatcher(kernels(session), patterns, listed, tuning, forest.nodes());
        var stream = session.context().newStream()) {
      there.upload(forest);
      SynthesisSolution right = SynthesisSolver.match(patterns, listed).solve(forest, arena);
      long listBytes = listed ? right.parts().get(2).content().byteSize() : -1;
      SynthesisMatcher.Output output = matcher.allocate(listed ? listBytes + GUARD : -1);
      for (int round = 0; round < 2; round++) {
        for (DeviceBuffer part : output.parts()) {
          SampleWords.poison(stream, part, round);
        }
        assertNotNull(mismatch(right, output, stream, arena), "without work");
        matcher.enqueue(stream, there, output);
        assertNull(mismatch(right, output, stream, arena), tuning::toString);
        if (output.list() != null) {
          assertGuarded(output.list(), listBytes, SampleWords.poison(round), arena);
        }
      }
    }
  }

  /** Behind the list nothing was written. */
  private static void assertGuarded(DeviceBuffer list, long listBytes, int poison, Arena arena) {
    MemorySegment copy = arena.allocate(list.bytes(), Long.BYTES);
    list.download(copy);
    for (long at = listBytes; at < list.bytes(); at += Integer.BYTES) {
      assertEquals(poison, copy.get(ValueLayout.JAVA_INT, at), "behind the list");
    }
  }

  private static @Nullable String mismatch(
      SynthesisSolution right, SynthesisMatcher.Output output, CudaStream stream, Arena arena) {
    stream.synchronize();
    var found = new ArrayList<MemorySegment>();
    for (DeviceBuffer part : output.parts()) {
      MemorySegment copy = arena.allocate(part.bytes(), Long.BYTES);
      part.download(copy);
      found.add(copy);
    }
    return right.mismatch(found);
  }

  private static CudaKernels kernels(CudaSession session) {
    return new CudaKernels(session.context(), session.family(CudaSynthesisAdapter.FAMILY));
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void aPieceChecksEachSample(Variant variant) {
    for (String output : List.of("counts", "list")) {
      ParameterValues values =
          values(
              WORKLOAD,
              Map.of(
                  "nodes", 1_500L, "patterns", 40L, "output", output, "variant", variant.word()));
      try (var session = open();
          var piece = new CudaSynthesisAdapter(Synthesis.MATCH).piece(kernels(session), values);
          var stream = session.context().newStream()) {
        int last = piece.positions() - 1;
        for (int sample = 0; sample < 5; sample++) {
          int position = sample % 2 * last;
          piece.input(stream, sample, position);
          piece.work(stream, position);
          piece.check(stream, sample, position);
          stream.synchronize();
          int current = sample;
          assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
          assertEquals(WORKLOAD.answerDigest(values, sample), piece.digest(position));
          assertFalse(piece.right(sample + 1, position), "the answer to another sample");
        }
        piece.input(stream, 7, 0);
        piece.check(stream, 7, 0);
        stream.synchronize();
        assertFalse(piece.right(7, 0), "no work");
        assertTrue(piece.mismatch(7, 0).startsWith("the count of pattern 0 is"));
        piece.input(stream, 5, 0);
        piece.work(stream, 0);
        piece.check(stream, 6, 0);
        stream.synchronize();
        assertFalse(piece.right(6, 0), "input of another sample");
        Map<String, Double> amounts = piece.amounts();
        assertEquals(60_000, amounts.get("pairs"));
        assertTrue(amounts.get("comparisons") <= amounts.get("pairs"));
      }
    }
  }

  /** All inputs, then all work, then all checks, as in a batch. */
  @Test
  void positionsDoNotDisturbEachOther() {
    for (String output : List.of("counts", "list")) {
      ParameterValues values =
          values(WORKLOAD, Map.of("nodes", 1_100L, "patterns", 40L, "output", output));
      try (var session = open();
          var piece = new CudaSynthesisAdapter(Synthesis.MATCH).piece(kernels(session), values);
          var stream = session.context().newStream()) {
        int positions = piece.separatePositions();
        assertTrue(positions > 1);
        for (int round = 0; round < 2; round++) {
          int first = round * positions;
          for (int i = 0; i < positions; i++) {
            piece.input(stream, first + i, i);
          }
          for (int i = 0; i < positions; i++) {
            piece.work(stream, i);
          }
          for (int i = 0; i < positions; i++) {
            piece.check(stream, first + i, i);
          }
          stream.synchronize();
          for (int i = 0; i < positions; i++) {
            int sample = first + i;
            int position = i;
            assertTrue(piece.right(sample, i), () -> piece.mismatch(sample, position));
          }
        }
      }
    }
  }

  @Test
  void aRunByEachPathAndClock() {
    ParameterValues values = values(WORKLOAD, Map.of("nodes", 1_000L, "patterns", 20L));
    try (var session = open()) {
      for (String path : CudaEngine.PATHS) {
        for (Clock clock : engine().clocks(WORKLOAD.id(), path)) {
          var mode = new Mode(path, clock, Mode.Cache.HOT);
          try (PreparedRun run = session.prepare(WORKLOAD, mode, values, FACTS)) {
            run.stage(1);
            run.execute();
            assertTrue(run.verify(1), () -> run.mismatch(1));
            assertEquals(WORKLOAD.answerDigest(values, 1), run.digest());
            assertEquals("kinds", run.configuration().get("variant"));
          }
        }
      }
    }
  }

  @Test
  void whatContradictsIsSaidInOneLine() {
    Mode mode = Mode.of(CudaEngine.LAUNCH);
    var adapter = new CudaSynthesisAdapter(Synthesis.MATCH);
    String text =
        assertThrows(
                ConfigException.class,
                () -> adapter.check(mode, values(WORKLOAD, Map.of("block", 100L))))
            .getMessage();
    assertEquals("block=100 is not a multiple of 32: 96 and 128 are", text);
    text =
        assertThrows(
                ConfigException.class,
                () ->
                    adapter.check(
                        mode, values(WORKLOAD, Map.of("output", "list", "nodesPerThread", "16"))))
            .getMessage();
    assertEquals("nodesPerThread=16 is for output=counts: output=list takes 8", text);
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine() {
    try (var session = open()) {
      ParameterValues values =
          values(WORKLOAD, Map.of("nodes", 1L << 30, "patterns", 4_096L, "output", "list"));
      assumeTrue(session.context().freeBytes() < 20L << 30, "a large card has room for it");
      var refused =
          assertThrows(
              EngineException.class,
              () -> session.prepare(WORKLOAD, Mode.of(CudaEngine.LAUNCH), values, FACTS));
      String text = String.valueOf(refused.getMessage());
      assertTrue(text.contains("synthesis.match with nodes=1073741824 and patterns=4096 takes"));
      assertTrue(text.matches(".*: nodes=\\d+ fits"), text);
    }
  }

  @Test
  void allVariantsAreNamed() {
    assertEquals(
        "brute, masks, index, kinds",
        Arrays.stream(Variant.values()).map(Variant::word).collect(Collectors.joining(", ")));
  }
}
