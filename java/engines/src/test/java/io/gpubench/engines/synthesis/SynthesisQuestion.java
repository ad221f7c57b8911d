// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SynthesisAnswer;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.synthesis.SynthesisSolver;
import io.gpubench.workloads.synthesis.TemplateSet;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something with an answer by the oracles, that kernels are asked for twice each time: into
 * poisoned memory, with and without more room than it takes, and with words behind that must not
 * change.
 */
final class SynthesisQuestion implements AutoCloseable {
  private static final int TIMES = 2;
  private static final int MORE = 40;

  private final Arena arena = Arena.ofShared();
  private final Buffers buffers = new Buffers(1);
  private final Forest forest;
  private final @Nullable PatternSet patterns;
  private final @Nullable TemplateSet templates;
  private final SynthesisSolution solution;
  private final @Nullable SynthesisSolution counts;

  private SynthesisQuestion(
      Forest forest,
      @Nullable PatternSet patterns,
      @Nullable TemplateSet templates,
      SynthesisSolver solver,
      @Nullable SynthesisSolver counting) {
    this.forest = forest;
    this.patterns = patterns;
    this.templates = templates;
    solution = solver.solve(forest, arena);
    counts = counting == null ? null : counting.solve(forest, arena);
  }

  /** How often do these match, and where? */
  static SynthesisQuestion match(Forest forest, PatternSet patterns) {
    return new SynthesisQuestion(
        forest,
        patterns,
        null,
        SynthesisSolver.match(patterns, true),
        SynthesisSolver.match(patterns, false));
  }

  /** What do their matches expand to? */
  static SynthesisQuestion expand(Forest forest, PatternSet patterns, TemplateSet templates) {
    return new SynthesisQuestion(
        forest, patterns, templates, SynthesisSolver.expand(patterns, templates), null);
  }

  /** What is left of it when all that can is folded? */
  static SynthesisQuestion rewrite(Forest forest) {
    return new SynthesisQuestion(forest, null, null, SynthesisSolver.rewrite(), null);
  }

  /** What the oracles say. */
  SynthesisSolution solution() {
    return solution;
  }

  /**
   * Asks kernels, new ones each time, and closes them.
   *
   * @param variant of matching; null for the engine's own choice
   */
  void ask(SynthesisKernels kernels, @Nullable MatchVariant variant) {
    try (kernels) {
      Forest placed = place(kernels, forest);
      if (counts != null) {
        MatchVariant chosen = kernels.patterns(Objects.requireNonNull(patterns), variant);
        assertTrue(variant == null || variant == chosen, () -> variant + ", but it is " + chosen);
        check(kernels, counts, 0, output -> kernels.match(placed, output.room(0)));
        for (int more : new int[] {0, MORE}) {
          check(
              kernels,
              solution,
              more,
              output -> kernels.list(placed, output.room(0), output.room(1), output.room(2)));
        }
      } else if (templates != null) {
        kernels.templates(templates);
        MatchList list = Objects.requireNonNull(solution.list());
        MemorySegment starts = place(kernels, list.starts());
        MemorySegment nodes = place(kernels, list.nodes());
        for (int more : new int[] {0, MORE}) {
          check(
              kernels,
              solution,
              more,
              output -> kernels.expand(placed, starts, nodes, output.room(0), output.room(1)));
        }
      } else {
        kernels.rewriting(placed.nodes(), placed.trees());
        List<Long> room = placed.arrays().stream().map(MemorySegment::byteSize).toList();
        var output = new SynthesisOutput(kernels::allocate, room, buffers);
        Forest folded = SynthesisRun.forest(output);
        check(solution, output, () -> kernels.rewrite(placed, folded));
      }
      for (int i = 0; i < placed.arrays().size(); i++) {
        assertEquals(
            -1, placed.arrays().get(i).mismatch(forest.arrays().get(i)), "the input changed");
      }
    }
  }

  /** A copy in memory of the kernels. */
  static Forest place(SynthesisKernels kernels, Forest forest) {
    Forest placed =
        Forest.allocate(bytes -> allocate(kernels, bytes), forest.nodes(), forest.trees());
    for (int i = 0; i < placed.arrays().size(); i++) {
      placed.arrays().get(i).copyFrom(forest.arrays().get(i));
    }
    return placed;
  }

  static MemorySegment place(SynthesisKernels kernels, MemorySegment bytes) {
    return allocate(kernels, bytes.byteSize()).copyFrom(bytes);
  }

  private static MemorySegment allocate(SynthesisKernels kernels, long bytes) {
    return kernels.allocate(SynthesisOutput.withGuard(bytes)).asSlice(0, bytes);
  }

  /** What is done with where answers go. */
  private interface Work {
    void on(SynthesisOutput output);
  }

  private void check(SynthesisKernels kernels, SynthesisSolution right, int more, Work work) {
    List<Long> room = right.parts().stream().map(part -> part.content().byteSize() + more).toList();
    var output = new SynthesisOutput(kernels::allocate, room, buffers);
    check(right, output, () -> work.on(output));
  }

  private static void check(SynthesisSolution right, SynthesisOutput output, Runnable work) {
    SynthesisAnswer answer = right.answer();
    SynthesisOutput.Expected expected = output.expect(answer);
    for (int time = 0; time < TIMES; time++) {
      output.poison(Words.mix64(~time));
      assertFalse(expected.found(), "untouched");
      work.run();
      assertTrue(
          expected.found(),
          () ->
              Objects.requireNonNullElse(right.mismatch(output.rooms()), "right, but not behind"));
      assertEquals(answer.digest(), expected.digest());
    }
  }

  @Override
  public void close() {
    try (arena) {
      buffers.close();
    }
  }
}
