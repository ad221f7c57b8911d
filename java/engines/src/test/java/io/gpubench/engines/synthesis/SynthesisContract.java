// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.Kind;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SyntaxTree;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import io.gpubench.workloads.synthesis.Template;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine on the processors must get right about matching, expanding and rewriting. A
 * subclass brings its engine and its kernels.
 */
public abstract class SynthesisContract {
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 4 << 10);
  private static final int MOST_THREADS = 3;
  private static final @Nullable MatchVariant[] NO_VARIANT = {null};

  protected abstract Engine engine();

  /** Kernels that use exactly so many threads. */
  protected abstract SynthesisKernels kernels(int threads);

  /** Which comparisons this engine's kernels execute. */
  protected abstract Filter filter(MatchVariant variant);

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  /** Asks this engine's kernels, with any number of threads. */
  private void ask(SynthesisQuestion question, @Nullable MatchVariant... variants) {
    try (question) {
      for (int threads = 1; threads <= MOST_THREADS; threads++) {
        for (MatchVariant variant : variants) {
          question.ask(kernels(threads), variant);
        }
      }
    }
  }

  private void match(Forest forest, PatternSet patterns) {
    ask(SynthesisQuestion.match(forest, patterns), MatchVariant.values());
  }

  private void expand(Forest forest, PatternSet patterns, TemplateSet templates) {
    ask(SynthesisQuestion.expand(forest, patterns, templates), NO_VARIANT);
  }

  private void rewrite(Forest forest) {
    ask(SynthesisQuestion.rewrite(forest), NO_VARIANT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.gpubench.engines.synthesis.SynthesisCases#patterns")
  void matchesByHand(String name, Forest forest, String[] patterns) {
    match(forest, PatternSet.parse(patterns));
    for (String pattern : patterns) {
      try (var question = SynthesisQuestion.match(forest, PatternSet.parse(pattern))) {
        question.ask(kernels(2), null);
      }
    }
  }

  /** Around vectors, cache lines, blocks, and shares of threads. */
  static LongStream sizes() {
    return LongStream.of(
        1, 2, 3, 7, 8, 9, 15, 17, 31, 33, 63, 64, 65, 127, 129, 255, 257, 1_023, 1_024, 1_025,
        2_047, 3_073, 4_097, 5_003, 8_191, 8_193, 16_383, 16_385, 40_001);
  }

  static Stream<Arguments> generated() {
    Stream<Arguments> sizes = sizes().mapToObj(nodes -> Arguments.of(nodes, 33));
    Stream<Arguments> patterns =
        IntStream.of(1, 2, 7, 8, 9, 31, 32, 63, 64, 65, 255, 1_000, 4_095, 4_096)
            .mapToObj(count -> Arguments.of(5_003L, count));
    return Stream.concat(sizes, patterns);
  }

  private static SynthesisRotation rotation(Synthesis form, long nodes, int patterns, long seed) {
    return new SynthesisRotation(form, new SynthesisParameters(nodes, patterns, true, 0.5, seed));
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns")
  @MethodSource("generated")
  void matchesAsTheOracle(long nodes, int patterns) {
    long seed = nodes + patterns;
    match(
        SynthesisCases.generated(nodes, seed, 0.5),
        rotation(Synthesis.MATCH, nodes, patterns, seed).patterns());
  }

  @Test
  void everySymbolAndArityByItself() {
    Forest forest =
        SyntaxTree.forest(
            IntStream.range(0, Forest.SYMBOLS)
                .mapToObj(s -> {
                  SyntaxTree[] leaves = new SyntaxTree[s % 37 == 0 ? s % 11 : 0];
                  Arrays.setAll(leaves, i -> SyntaxTree.literal((s + i) % Forest.SYMBOLS, 1));
                  return SyntaxTree.of(Kind.CALL, s, leaves);
                })
                .toList());
    PatternSet patterns =
        PatternSet.parse(
            IntStream.range(0, PatternSet.MOST)
                .mapToObj(p ->
                    p % 3 == 0
                        ? "call#" + p
                        : p % 3 == 1 ? "literal#" + p : "call/" + p % 11 + below(p % 11, p / 2))
                .toArray(String[]::new));
    match(forest, patterns);
  }

  /** The last of so many children. */
  private static String below(int children, int symbol) {
    return children == 0 ? "" : "(" + "?, ".repeat(children - 1) + "literal#" + symbol + ")";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.gpubench.engines.synthesis.SynthesisCases#templates")
  void expandsByHand(String name, String[] patterns, String[] templates) {
    PatternSet set = PatternSet.parse(patterns);
    TemplateSet filled =
        TemplateSet.of(set, Arrays.stream(templates).map(Template::parse).toList());
    for (long nodes : new long[] {1, 500, 20_011}) {
      expand(SynthesisCases.generated(nodes, 3, 0.5), set, filled);
    }
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns")
  @MethodSource("generated")
  void expandsAsTheOracle(long nodes, int patterns) {
    var rotation = rotation(Synthesis.EXPAND, nodes, patterns, 2 * nodes + patterns);
    Forest forest = SynthesisCases.generated(nodes, 2 * nodes + patterns, 0.5);
    expand(forest, rotation.patterns(), rotation.templates());
  }

  /** What the oracle says is said here once more, so that the two cannot both be wrong. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.gpubench.engines.synthesis.SynthesisCases#foldings")
  void foldsByHand(String name, String trees, String result) {
    Forest forest = SynthesisCases.forest(trees.split("; "));
    Forest right = SynthesisCases.forest(result.split("; "));
    try (var question = SynthesisQuestion.rewrite(forest)) {
      assertNull(question.solution().mismatch(right.arrays()));
    }
    rewrite(forest);
  }

  @ParameterizedTest
  @EnumSource(names = {"NEG", "CALL"})
  void foldsChains(Kind kind) {
    List<SyntaxTree> chains =
        IntStream.of(0, 1, 2, 3, 63, 64, 500, Forest.MOST_NODES_OF_TREE - 1)
            .boxed()
            .flatMap(n ->
                Stream.of(
                    SynthesisCases.chain(kind, n, SyntaxTree.literal(3, 17)),
                    SynthesisCases.chain(kind, n, SyntaxTree.of(Kind.VARIABLE, 3))))
            .toList();
    rewrite(SyntaxTree.forest(chains));
  }

  @Test
  void foldsWideTrees() {
    rewrite(SyntaxTree.forest(SynthesisCases.wide(1), SynthesisCases.wide(2)));
  }

  @ParameterizedTest(name = "{0} nodes")
  @MethodSource("sizes")
  void foldsAsTheOracle(long nodes) {
    for (double literals : new double[] {0, 0.5, 0.9, 1}) {
      Forest forest = SynthesisCases.generated(nodes, nodes, literals);
      rewrite(forest);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void foldsRandomTrees(long seed) {
    Forest forest = SyntaxTree.forest(SynthesisCases.randomTrees(seed, 400));
    rewrite(forest);
  }

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  @Test
  void manyTreesOfOneNode() {
    Forest forest =
        SyntaxTree.forest(
            IntStream.range(0, 30_000)
                .mapToObj(i ->
                    i % 3 == 0
                        ? SyntaxTree.of(Kind.VARIABLE, i % Forest.SYMBOLS)
                        : SyntaxTree.literal(i % Forest.SYMBOLS, i))
                .toList());
    rewrite(forest);
    match(forest, PatternSet.parse("variable#3", "literal", "?", "neg"));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Forest forest = SynthesisCases.generated(5_000, 1, 0.5);
    PatternSet patterns = PatternSet.parse("variable", "?");
    try (var kernels = kernels(2);
        var buffers = new Buffers(1)) {
      kernels.patterns(patterns, null);
      kernels.templates(
          TemplateSet.of(patterns, List.of(Template.parse("x"), Template.parse("{0}"))));
      Forest placed = SynthesisQuestion.place(kernels, forest);
      var output = new SynthesisOutput(kernels::allocate, List.of(32L, 24L, 5_000L), buffers);
      output.poison(-1);
      assertThrows(
          EngineException.class,
          () -> kernels.list(placed, output.room(0), output.room(1), output.room(2)));
      assertTrue(isPoison(output.room(2)) && guarded(output, 2));

      MemorySegment starts =
          SynthesisQuestion.place(kernels, MemorySegment.ofArray(new long[] {0, 0, 5_000}));
      MemorySegment nodes =
          SynthesisQuestion.place(
              kernels, MemorySegment.ofArray(IntStream.range(0, 5_000).toArray()));
      var text = new SynthesisOutput(kernels::allocate, List.of(5_001 * 8L, 39_999L), buffers);
      text.poison(-1);
      assertThrows(
          EngineException.class,
          () -> kernels.expand(placed, starts, nodes, text.room(0), text.room(1)));
      assertTrue(guarded(text, 0) && guarded(text, 1));
    }
  }

  private static boolean isPoison(MemorySegment bytes) {
    byte[] all = new byte[(int) bytes.byteSize()];
    Arrays.fill(all, (byte) -1);
    return bytes.mismatch(MemorySegment.ofArray(all)) == -1;
  }

  @SuppressWarnings("restricted") // it looks behind
  private static boolean guarded(SynthesisOutput output, int part) {
    long end = output.room(part).address() + output.room(part).byteSize();
    return isPoison(MemorySegment.ofAddress(end).reinterpret(SynthesisOutput.GUARD_BYTES));
  }

  static Stream<Arguments> runs() {
    return Stream.of(
            values(Synthesis.MATCH, Map.of("nodes", 10_007L, "patterns", 100L)),
            values(Synthesis.MATCH, Map.of("nodes", 999L, "patterns", 7L, "output", "list")),
            values(Synthesis.MATCH, Map.of("nodes", 1L, "patterns", 1L, "output", "list")),
            values(Synthesis.EXPAND, Map.of("nodes", 10_007L, "patterns", 50L)),
            values(Synthesis.EXPAND, Map.of("nodes", 1L, "patterns", 1L)),
            values(Synthesis.REWRITE, Map.of("nodes", 10_007L, "literals", 0.8)),
            values(Synthesis.REWRITE, Map.of("nodes", 1L, "literals", 0.0)))
        .flatMap(values ->
            Stream.of(Mode.Cache.values())
                .map(cache -> Arguments.of(values.form, values.values, cache)));
  }

  private record FormValues(Synthesis form, ParameterValues values) {}

  private static FormValues values(Synthesis form, Map<String, Object> set) {
    var values = new LinkedHashMap<>(workload(form).defaults().asMap());
    values.putAll(set);
    return new FormValues(form, new ParameterValues(values));
  }

  private static Workload workload(Synthesis form) {
    return SynthesisWorkload.all().stream()
        .filter(workload -> workload.id().equals(form.id()))
        .findFirst()
        .orElseThrow();
  }

  /** From the engine as the tool uses it. */
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("runs")
  void aRunVerifiesEachSample(Synthesis form, ParameterValues values, Mode.Cache cache) {
    Workload workload = workload(form);
    String path = engine().paths(form.id()).getFirst();
    assertEquals(List.of(PreparedRun.Clock.HOST), engine().clocks(form.id(), path));
    assertTrue(engine().caches(form.id(), path).contains(cache));
    try (var session = engine().open(new Engine.Options(2));
        var run =
            session.prepare(
                workload, new Mode(path, PreparedRun.Clock.HOST, cache), values, FACTS)) {
      assertEquals(SynthesisRotation.SLOTS, run.inputs());
      for (long sample = 0; sample < 2 * run.inputs() + 1; sample++) {
        run.stage(sample);
        assertFalse(run.verify(sample), "untouched output");
        assertTrue(run.mismatch(sample).contains("expected"), run.mismatch(sample));
        run.execute();
        long current = sample;
        assertTrue(run.verify(sample), () -> run.mismatch(current));
        if (sample < 2) {
          assertEquals(workload.answerDigest(values, sample), run.digest());
        }
        if (values.whole("nodes") > 1) {
          assertFalse(run.verify(sample + 1), "stale output");
          assertTrue(run.mismatch(sample + 1).contains("expected"), run.mismatch(sample + 1));
        }
      }
      assertTrue(run.work().units() >= (form == Synthesis.EXPAND ? 0 : values.whole("nodes")));
      assertEquals("every word of the answer, by two sums", run.verification().get("reference"));
      assertTrue((Long) run.configuration().get("threads") >= 1);
      assertEquals(form == Synthesis.MATCH, run.configuration().containsKey("variant"));
    }
  }

  @Test
  void theVariantCanBeSet() {
    List<Parameter> tuning = engine().tuning(Synthesis.MATCH.id(), "call");
    assertEquals(List.of("variant"), tuning.stream().map(Parameter::name).toList());
    assertEquals("brute | index", tuning.getFirst().domain());
    assertEquals(List.of(), engine().tuning(Synthesis.EXPAND.id(), "call"));
    assertEquals(List.of(), engine().tuning(Synthesis.REWRITE.id(), "call"));
    ParameterValues values =
        values(Synthesis.MATCH, Map.of("nodes", 5_000L, "patterns", 40L)).values;
    try (var session = engine().open(new Engine.Options(2))) {
      for (MatchVariant variant : MatchVariant.values()) {
        try (var run =
            session.prepare(
                workload(Synthesis.MATCH),
                Mode.of("call"),
                values.withTuning("variant", variant.word()),
                FACTS)) {
          run.stage(0);
          run.execute();
          assertTrue(run.verify(0), () -> run.mismatch(0));
          assertEquals(variant.word(), run.configuration().get("variant"));
          assertEquals(SynthesisAmounts.of(values, filter(variant)), run.amounts());
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runs")
  void aSampleAllocatesNothing(Synthesis form, ParameterValues values, Mode.Cache _cache) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int samples = 100;
    try (var run = SynthesisRun.prepare(form, values, FACTS, 2, () -> kernels(2))) {
      // half of the smallest object per sample; threads of the test's own allocate a little, too
      long bound = samples * 8L;
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least >= bound; attempt++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (long sample = 0; sample < samples; sample++) {
          run.stage(sample);
          run.execute();
          if (!run.verify(sample)) {
            throw new AssertionError(run.mismatch(sample));
          }
        }
        least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
      }
      assertTrue(least < bound, least + " bytes in " + samples + " samples");
    }
  }

  @Test
  void memoryIsZeroedAndAligned() {
    try (var kernels = kernels(2)) {
      for (long bytes : new long[] {8, 72, 1 << 20}) {
        MemorySegment memory = kernels.allocate(bytes);
        assertEquals(bytes, memory.byteSize());
        assertEquals(0, memory.address() % 64);
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])));
      }
      assertThrows(EngineException.class, () -> kernels.allocate(1L << 50));
    }
  }

  /** Where an offset has more than 32 bits. */
  @Test
  @Tag("sweep")
  void expansionsBeyondFourGibibytes() {
    int matches = 4_200;
    int length = Template.MOST_BYTES;
    int hole = length - Template.HOLE_BYTES;
    PatternSet patterns = PatternSet.parse("?");
    try (var kernels = kernels(2)) {
      kernels.templates(
          TemplateSet.of(patterns, List.of(Template.parse("x".repeat(hole) + "{0}"))));
      Forest forest = SynthesisQuestion.place(kernels, SynthesisCases.generated(matches, 1, 0.5));
      MemorySegment starts =
          SynthesisQuestion.place(kernels, MemorySegment.ofArray(new long[] {0, matches}));
      MemorySegment nodes =
          SynthesisQuestion.place(
              kernels, MemorySegment.ofArray(IntStream.range(0, matches).toArray()));
      MemorySegment offsets = kernels.allocate(Long.BYTES * (matches + 1L));
      MemorySegment text = kernels.allocate((long) matches * length);
      assertTrue(text.byteSize() > 1L << 32);
      kernels.expand(forest, starts, nodes, offsets, text);
      byte[] run = new byte[hole];
      Arrays.fill(run, (byte) 'x');
      for (int m = 0; m < matches; m++) {
        long at = (long) m * length;
        assertEquals(at, offsets.getAtIndex(ValueLayout.JAVA_LONG, m));
        assertEquals(-1, text.asSlice(at, hole).mismatch(MemorySegment.ofArray(run)));
        byte[] digits = text.asSlice(at + hole, 8).toArray(ValueLayout.JAVA_BYTE);
        assertEquals(
            "%08x".formatted(forest.symbolAt(m)), new String(digits, StandardCharsets.US_ASCII));
      }
      assertEquals(text.byteSize(), offsets.getAtIndex(ValueLayout.JAVA_LONG, matches));
    }
  }
}
