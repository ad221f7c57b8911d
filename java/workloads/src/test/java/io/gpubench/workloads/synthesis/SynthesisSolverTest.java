// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynthesisSolverTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 1 << 20);

  private static SynthesisRotation rotation(Synthesis form, long nodes, int patterns, long seed) {
    return new SynthesisRotation(
        form, new SynthesisParameters(nodes, patterns, form != Synthesis.REWRITE, 0.6, seed));
  }

  /** Every node with every pattern, by the oracle alone, in the order of the list. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 4, 2", "1000, 1, 3", "4099, 33, 4", "40000, 8, 5", "257, 1000, 6"})
  void matchesAreTheOracles(long nodes, int count, long seed) {
    try (var arena = Arena.ofShared()) {
      var rotation = rotation(Synthesis.MATCH, nodes, count, seed);
      SynthesisSolution solution = rotation.solve(1, rotation.allocate(arena), arena);
      PatternSet patterns = rotation.patterns();
      MatchList list = solution.list();
      assertTrue(list != null);
      long entry = 0;
      for (int p = 0; p < count; p++) {
        assertEquals(entry, list.startAt(p));
        long sum = 0;
        for (long node = 0; node < nodes; node++) {
          if (MatchOracle.matches(solution.forest(), node, patterns.pattern(p))) {
            assertEquals(node, list.nodeAt(entry++));
            sum += Words.mix64(node);
          }
        }
        MemorySegment counts = solution.parts().getFirst().content();
        assertEquals(entry - list.startAt(p), counts.get(JAVA_LONG_UNALIGNED, 16L * p));
        assertEquals(sum, counts.get(JAVA_LONG_UNALIGNED, 16L * p + 8));
      }
      assertEquals(entry, list.matches());
      assertEquals(entry, rotation.answer(1).matches());
      assertEquals(nodes * count, rotation.answer(1).comparisons().get(Filter.NONE));
    }
  }

  /** Fewer comparisons the more a filter knows, and never fewer than matches. */
  @Test
  void comparisonsExecuted() {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse("add#1(neg#1(literal#2=1), call#1(variable#2, variable#3))"));
    PatternSet patterns = PatternSet.parse("?", "add#1/3", "call#1(literal)", "variable", "neg#2");
    try (var arena = Arena.ofShared()) {
      SynthesisAnswer answer = SynthesisSolver.match(patterns, false).solve(forest, arena).answer();
      // by kind and symbol ? at six nodes, add, call, both variables; of these only call's pattern
      // asks for a child, and not for more than its kind
      assertEquals(
          Map.of(Filter.NONE, 30L, Filter.KIND_SYMBOL, 10L, Filter.ROOT, 1L, Filter.CHILDREN, 0L),
          answer.comparisons());
      assertEquals(8, answer.matches());
      // all kinds, one sector of symbols, and one of where children begin, for call
      assertEquals(6 + 32 + 32 + 16 * 5, answer.bytes());
    }
  }

  @Test
  void expansionsFollowEachOther() {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse("add#1(variable#2, variable#3)"), SyntaxTree.parse("variable#4"));
    PatternSet patterns = PatternSet.parse("variable", "add(?, ?)", "mul", "?");
    TemplateSet templates =
        TemplateSet.of(
            patterns,
            List.of(
                Template.parse("v"),
                Template.parse("{1};"),
                Template.parse("never"),
                Template.parse("")));
    try (var arena = Arena.ofShared()) {
      SynthesisSolution solution = SynthesisSolver.expand(patterns, templates).solve(forest, arena);
      MemorySegment text = solution.parts().get(1).content();
      assertEquals("vvv00000003;", new String(text.toArray(JAVA_BYTE), StandardCharsets.US_ASCII));
      assertEquals(
          List.of(0L, 1L, 2L, 3L, 12L, 12L, 12L, 12L, 12L),
          Arrays.stream(solution.parts().getFirst().content().toArray(JAVA_LONG_UNALIGNED))
              .boxed()
              .toList());
      assertEquals(12, solution.answer().units());
    }
  }

  /** Trees whose levels change are breadth-first anew. */
  @Test
  void rewrittenTreesAreCompact() {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse(
                "call#1(if(literal=1, call#2(variable#3), variable), call#4(variable#5))"),
            SyntaxTree.parse("neg#6(literal=1)"));
    Forest right =
        SyntaxTree.forest(
            SyntaxTree.parse("call#1(call#2(variable#3), call#4(variable#5))"),
            SyntaxTree.parse("literal#6=-1"));
    try (var arena = Arena.ofShared()) {
      SynthesisSolution solution = SynthesisSolver.rewrite().solve(forest, arena);
      assertNull(solution.mismatch(right.arrays()));
      assertEquals(SynthesisSolution.FOREST.size(), solution.parts().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"MATCH", "EXPAND", "REWRITE"})
  void aWrongAnswerIsNamed(Synthesis form) {
    try (var arena = Arena.ofShared()) {
      var rotation = rotation(form, 3000, 20, 1);
      SynthesisSolution solution = rotation.solve(2, rotation.allocate(arena), arena);
      var found = new ArrayList<MemorySegment>();
      for (SynthesisSolution.Part part : solution.parts()) {
        found.add(arena.allocate(part.content().byteSize() + 5).copyFrom(part.content()));
      }
      assertNull(rotation.mismatch(2, found));
      assertNotEquals(null, rotation.mismatch(1, found));
      for (int i = 0; i < found.size(); i++) {
        MemorySegment part = found.get(i);
        long at = solution.parts().get(i).content().byteSize() - 1;
        byte right = part.get(JAVA_BYTE, at);
        part.set(JAVA_BYTE, at, (byte) (right ^ 1));
        String mismatch = rotation.mismatch(2, found);
        assertTrue(
            mismatch != null && mismatch.matches(".* is [0-9a-f]+, expected [0-9a-f]+"), mismatch);
        part.set(JAVA_BYTE, at, right);
      }
      found.set(0, found.getFirst().asSlice(0, 3));
      assertTrue(String.valueOf(rotation.mismatch(2, found)).contains("has 3 bytes, expected"));
    }
  }

  @Test
  void digestsTellAnswersApart() {
    for (Workload workload : SynthesisWorkload.all()) {
      ParameterValues values = small(workload, 2000, 1);
      assertEquals(workload.answerDigest(values, 1), workload.answerDigest(values, 5));
      assertNotEquals(workload.answerDigest(values, 1), workload.answerDigest(values, 2));
      assertNotEquals(
          workload.answerDigest(values, 1), workload.answerDigest(small(workload, 2000, 2), 1));
    }
  }

  private static ParameterValues small(Workload workload, long nodes, long seed) {
    var values = new LinkedHashMap<>(workload.defaults().asMap());
    values.put("nodes", nodes);
    values.put("seed", seed);
    return new ParameterValues(values);
  }

  /** Never falls, and covers forests and answers. */
  @Test
  void footprint() {
    for (Workload workload : SynthesisWorkload.all()) {
      for (String output : List.of("counts", "list")) {
        long before = 0;
        for (long nodes = 1; nodes <= Forest.MOST_NODES; nodes = nodes * 3 + 1) {
          var values = new LinkedHashMap<>(small(workload, nodes, 1).asMap());
          values.computeIfPresent("output", (_, _) -> output);
          long bytes = workload.footprintBytes(new ParameterValues(values), FACTS);
          assertTrue(bytes >= before, workload.id() + " with nodes=" + nodes);
          assertTrue(bytes >= (SynthesisRotation.SLOTS + 1) * 14 * nodes);
          before = bytes;
        }
      }
    }
  }

  /** What depends on matches covers the answer twice, and the lists; and not ten times. */
  @ParameterizedTest
  @CsvSource({"32, 1", "32, 2", "200, 3"})
  void asManyMatchesAsForeseen(int patterns, long seed) {
    long nodes = 1 << 19;
    var rotation = rotation(Synthesis.EXPAND, nodes, patterns, seed);
    long most = 0;
    for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
      try (var arena = Arena.ofShared()) {
        rotation.solve(slot, rotation.allocate(arena), arena);
        SynthesisAnswer answer = rotation.answer(slot);
        most =
            Math.max(
                most,
                2 * answer.bytesOf(SynthesisSolution.OFFSETS)
                    + 2 * answer.bytesOf(SynthesisSolution.TEXT)
                    + SynthesisRotation.SLOTS * Integer.BYTES * answer.matches());
      }
    }
    assertTrue(most > 0);
    long foreseen = matchBytes(nodes, patterns, seed);
    assertTrue(most < foreseen, most + " of " + foreseen);
    assertTrue(foreseen < 10 * most, most + " of " + foreseen);
  }

  private static long matchBytes(long nodes, int patterns, long seed) {
    Workload match = SynthesisWorkload.all().getFirst();
    Workload expand = SynthesisWorkload.all().get(1);
    var values = new LinkedHashMap<>(small(expand, nodes, seed).asMap());
    values.put("patterns", (long) patterns);
    long with = expand.footprintBytes(new ParameterValues(values), FACTS);
    values.put("output", "counts");
    return with - match.footprintBytes(new ParameterValues(values), FACTS);
  }
}
