// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestGenerator;
import io.gpubench.workloads.synthesis.ForestShape;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.Pattern;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SyntaxTree;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.synthesis.SynthesisSolver;
import io.gpubench.workloads.synthesis.Template;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Expansions on a device: the oracle's text bit for bit, and wrong ones that are found. */
abstract class CudaExpandContract extends CudaSynthesisContract {
  CudaExpandContract(String device) {
    super(device);
  }

  /** All variants, and sizes of blocks and grids. */
  static List<SynthesisExpandTuning> tunings() {
    var tunings = new ArrayList<SynthesisExpandTuning>();
    for (var variant : SynthesisExpandTuning.Variant.values()) {
      tunings.add(new SynthesisExpandTuning(variant, 256, 0, 0));
      tunings.add(new SynthesisExpandTuning(variant, 96, 3, 8));
    }
    return tunings;
  }

  /** A pattern and its template, in one text. */
  private static String[] each(String... both) {
    return both;
  }

  private static String of(int bytes) {
    return IntStream.range(0, bytes)
        .mapToObj(i -> String.valueOf((char) ('!' + i % 90)).replace("{", "{{").replace("}", "}}"))
        .reduce("", String::concat);
  }

  static Stream<Arguments> sets() {
    var holes = new StringBuilder();
    IntStream.range(0, 40).forEach(i -> holes.append("{0}").append(of(i % 9)));
    var tiny = new ArrayList<String>();
    for (int length = 0; length < 34; length++) {
      tiny.add("?");
      tiny.add(of(length));
    }
    return Stream.of(
        Arguments.of("a hole alone", each("?", "{0}")),
        Arguments.of("holes side by side", each("?", "{0}{0}{0}", "add(?, ?)", "{1}{0}")),
        Arguments.of("holes at both ends", each("add(?, ?)", "{1} + {0}", "neg(?)", "{0}-")),
        Arguments.of("without a hole", each("?", "x", "literal", "12345678901234567")),
        Arguments.of("no byte at all", each("?", "", "add", "")),
        Arguments.of(
            "nothing matches", each("neg#4094/1(variable#1)", "abc", "call#9/10(?)", "{0}")),
        Arguments.of(
            "nothing at first, in between and last",
            each(
                "neg#4094(neg#4093)",
                "{0}".replace("{0}", "abc"),
                "?",
                "<{0}>",
                "neg#4094(neg#4093)",
                "",
                "variable",
                "",
                "literal",
                of(3),
                "neg#4094(neg#4093)",
                of(300))),
        Arguments.of("every length", tiny.toArray(String[]::new)),
        Arguments.of(
            "long ones", each("?", of(777), "mul(?, ?)", of(4000) + "{1}" + of(3), "if", of(5003))),
        Arguments.of("many holes", each("?", holes.toString(), "call(?)", "{0}" + holes)),
        Arguments.of(
            "paths",
            each(
                "call(?, ?, add(?, ?), ?)",
                "f({0}, {1}, {2}, {3}, {4})",
                "if(?, neg(?), ?)",
                "{2}{1}{0}",
                "add(sub(?, mul), ?)",
                "({0} - m) + {1}",
                "call(?, ?, ?, ?, ?, ?, ?, ?, ?, call(?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                "{0}{18}{9}{10}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sets")
  void setsByHand(String name, String[] both) {
    var patterns = new ArrayList<Pattern>();
    var templates = new ArrayList<Template>();
    for (int i = 0; i < both.length; i += 2) {
      patterns.add(Pattern.parse(both[i]));
      templates.add(Template.parse(both[i + 1]));
    }
    PatternSet set = PatternSet.of(patterns);
    TemplateSet filled = TemplateSet.of(set, templates);
    var ten = new StringBuilder("call#77(neg#1(variable#2)");
    ten.append(", variable#5".repeat(8)).append(", call#4095(literal#9");
    ten.append(", literal#10=3".repeat(9)).append("))");
    Forest byHand =
        SyntaxTree.forest(
            Stream.of(
                    "variable#1",
                    ten.toString(),
                    "if#3(variable#1, neg#2(literal#8=2), add(sub(call, mul(literal, literal)), neg(call)))",
                    "call#4(variable#1, variable#2, add#3(literal#4, literal#5), variable#6)")
                .map(SyntaxTree::parse)
                .toList());
    try (var session = open()) {
      for (SynthesisExpandTuning tuning : tunings()) {
        assertExpanded(session, tuning, set, filled, byHand, name);
        assertExpanded(session, tuning, set, filled, generated(701), name);
      }
    }
  }

  private static Forest generated(long nodes) {
    var generator = new ForestGenerator(ForestShape.of(nodes, nodes), 3, 0.5);
    Forest forest =
        Forest.allocate(
            bytes -> MemorySegment.ofArray(new byte[(int) bytes]),
            nodes,
            generator.shape().trees());
    generator.fill(forest, 1);
    return forest;
  }

  /** Twice, since a run leaves what the next one needs. */
  private static void assertExpanded(
      CudaSession session,
      SynthesisExpandTuning tuning,
      PatternSet patterns,
      TemplateSet templates,
      Forest forest,
      String name) {
    try (var arena = Arena.ofShared();
        var on = new CudaForest(session.context(), forest.nodes(), forest.trees());
        var stream = session.context().newStream()) {
      on.upload(forest);
      SynthesisSolution right = SynthesisSolver.expand(patterns, templates).solve(forest, arena);
      MatchList list = Objects.requireNonNull(right.list());
      long bytes = right.parts().getLast().content().byteSize();
      long room = list.matches() + 5_000; // of another, longer list
      try (var expand =
              new CudaExpand(
                  kernels(session), tuning, templates, forest.nodes(), room, bytes + 100);
          var listed = expand.list(room);
          var text = expand.text(room, bytes + 100);
          var scratch = expand.scratch()) {
        CudaExpand.upload(list, listed);
        for (long run = 0; run < 2; run++) {
          SampleWords.poison(stream, text.offsets(), run);
          SampleWords.poison(stream, text.bytes(), run);
          expand.enqueue(stream, on, listed, text, scratch);
          stream.synchronize();
          MemorySegment offsets = downloaded(arena, text.offsets());
          MemorySegment found = downloaded(arena, text.bytes());
          assertNull(
              right.mismatch(List.of(offsets, found)), name + " by " + tuning + ", run " + run);
          assertPoison(offsets, (list.matches() + 1) * Long.BYTES, run);
          assertPoison(found, bytes, run);
        }
      }
    }
  }

  private static MemorySegment downloaded(Arena arena, DeviceBuffer buffer) {
    MemorySegment copy = arena.allocate(buffer.bytes(), Long.BYTES);
    buffer.download(copy);
    return copy;
  }

  /** Nothing was written behind what was asked for. */
  private static void assertPoison(MemorySegment of, long from, long run) {
    for (long at = from; at < of.byteSize(); at++) {
      int poison = SampleWords.poison(run) >> (8 * (at % Integer.BYTES));
      assertEquals((byte) poison, of.get(ValueLayout.JAVA_BYTE, at), "byte " + at);
    }
  }

  static Stream<Arguments> pieces() {
    return Stream.of(
        Arguments.of(1L, 1),
        Arguments.of(2_003L, 32),
        Arguments.of(20_011L, 3),
        Arguments.of(3_001L, 1_000),
        Arguments.of(301L, PatternSet.MOST));
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns")
  @MethodSource("pieces")
  void samplesOfAPiece(long nodes, int patterns) {
    try (var session = open();
        var stream = session.context().newStream()) {
      for (var variant : SynthesisExpandTuning.Variant.values()) {
        try (var piece = piece(session, nodes, patterns, variant)) {
          int last = piece.positions() - 1;
          for (long sample = 0; sample < SynthesisRotation.SLOTS + 1; sample++) {
            int position = (int) (sample % 2) * last;
            piece.input(stream, sample, position);
            piece.work(stream, position);
            piece.check(stream, sample, position);
            stream.synchronize();
            long current = sample;
            assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
          }
          assertEquals(variant.word(), piece.configuration().get("variant"));
          assertTrue(piece.amounts().containsKey("matches"));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manySamplesOnTheirWay(SynthesisExpandTuning.Variant variant) {
    try (var session = open();
        var piece = piece(session, 2_003, 32, variant);
        var stream = session.context().newStream()) {
      assertManyRight(piece, stream);
    }
  }

  @Test
  void aRunByEachPathAndClock() {
    try (var session = open()) {
      assertRuns(session, Synthesis.EXPAND, Map.of("nodes", 2_003L, "patterns", 32L));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsFound(SynthesisExpandTuning.Variant variant) {
    try (var session = open();
        var piece = piece(session, 5_003, 32, variant);
        var other = piece(session, 5_003, 32, SynthesisExpandTuning.Variant.SCAN);
        var stream = session.context().newStream()) {
      wrong(piece, stream, 0, () -> {});
      other.input(stream, 1, 0);
      wrong(piece, stream, 1, () -> other.work(stream, 0)); // on its own arrays
      piece.input(stream, 2, 0);
      other.workOn(stream, piece, 0);
      piece.check(stream, 2, 0);
      stream.synchronize();
      assertTrue(piece.right(2, 0), "another one's work");
      piece.check(stream, 3, 0);
      stream.synchronize();
      assertFalse(piece.right(3, 0), "input of another sample");
      assertFalse(piece.right(2, 0), "a verdict of another sample");
    }
  }

  private static void wrong(
      SynthesisExpandPiece piece, CudaStream stream, long sample, Runnable work) {
    piece.input(stream, sample, 0);
    work.run();
    piece.check(stream, sample, 0);
    stream.synchronize();
    assertFalse(piece.right(sample, 0), "sample " + sample);
    String text = piece.mismatch(sample, 0);
    assertTrue(text.contains("offset of expansion") && text.contains("expected"), text);
    assertFalse(text.contains("\n"));
  }

  @Test
  void whatCannotBeIsSaidInOneLine() {
    try (var session = open()) {
      var refused =
          assertThrows(
              EngineException.class,
              () -> piece(session, 1L << 30, 32, SynthesisExpandTuning.Variant.DIRECT));
      String text = String.valueOf(refused.getMessage());
      assertTrue(text.matches("synthesis.expand with nodes=1073741824 takes .* fits"), text);
    }
    SynthesisExpandTuning.check(new ParameterValues(Map.of("block", 96L, "variant", "scan")));
    var odd =
        assertThrows(
            ConfigException.class,
            () -> SynthesisExpandTuning.check(new ParameterValues(Map.of("block", 100L))));
    assertEquals("block=100 is not a multiple of 32: 96 and 128 are", odd.getMessage());
  }

  private static CudaKernels kernels(CudaSession session) {
    return new CudaKernels(session.context(), session.family(CudaSynthesisAdapter.FAMILY));
  }

  private static SynthesisExpandPiece piece(
      CudaSession session, long nodes, int patterns, SynthesisExpandTuning.Variant variant) {
    return new SynthesisExpandPiece(
        kernels(session),
        new SynthesisParameters(nodes, patterns, true, 0.5, 1),
        new SynthesisExpandTuning(variant, 128, 0, 4));
  }
}
