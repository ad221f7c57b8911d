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
 * Has kernels answer what the oracles have answered, twice: into poisoned memory, with more room
 * than it takes, and with words behind that must not change. Closes the kernels.
 */
final class SynthesisProbe implements AutoCloseable {
  private static final int TIMES = 2;

  private final SynthesisKernels kernels;
  private final Buffers buffers = new Buffers(1);
  private final Arena arena = Arena.ofShared();

  SynthesisProbe(SynthesisKernels kernels) {
    this.kernels = kernels;
  }

  /** Counts, and counts and lists. */
  void match(Forest forest, PatternSet patterns, @Nullable MatchVariant asked) {
    MatchVariant variant = kernels.patterns(patterns, asked);
    assertTrue(asked == null || asked == variant, () -> asked + ", but it is " + variant);
    Forest placed = place(forest);
    SynthesisSolution counted = SynthesisSolver.match(patterns, false).solve(placed, arena);
    check(counted, 0, output -> kernels.match(placed, output.room(0)));
    SynthesisSolution listed = SynthesisSolver.match(patterns, true).solve(placed, arena);
    for (int room : new int[] {0, 40}) {
      check(
          listed,
          room,
          output -> kernels.list(placed, output.room(0), output.room(1), output.room(2)));
    }
  }

  /** Expands what matches. */
  void expand(Forest forest, PatternSet patterns, TemplateSet templates) {
    kernels.templates(templates);
    Forest placed = place(forest);
    SynthesisSolution solution = SynthesisSolver.expand(patterns, templates).solve(placed, arena);
    MatchList list = Objects.requireNonNull(solution.list());
    MemorySegment starts = place(list.starts());
    MemorySegment nodes = place(list.nodes());
    for (int room : new int[] {0, 40}) {
      check(
          solution,
          room,
          output -> kernels.expand(placed, starts, nodes, output.room(0), output.room(1)));
    }
  }

  /** Folds constants. */
  void rewrite(Forest forest) {
    Forest placed = place(forest);
    kernels.rewriting(placed.nodes(), placed.trees());
    SynthesisSolution solution = SynthesisSolver.rewrite().solve(placed, arena);
    List<Long> room = placed.arrays().stream().map(MemorySegment::byteSize).toList();
    var output = new SynthesisOutput(kernels::allocate, room, buffers);
    Forest folded = SynthesisRun.forest(output);
    check(solution, output, () -> kernels.rewrite(placed, folded));
    assertEquals(-1, placed.kind().mismatch(forest.kind()), "input");
    assertEquals(-1, placed.value().mismatch(forest.value()), "input");
  }

  /** A copy in memory of the kernels. */
  Forest place(Forest forest) {
    Forest placed = Forest.allocate(this::allocate, forest.nodes(), forest.trees());
    for (int i = 0; i < placed.arrays().size(); i++) {
      placed.arrays().get(i).copyFrom(forest.arrays().get(i));
    }
    return placed;
  }

  MemorySegment place(MemorySegment bytes) {
    return allocate(bytes.byteSize()).copyFrom(bytes);
  }

  MemorySegment allocate(long bytes) {
    return kernels.allocate(SynthesisOutput.withGuard(bytes)).asSlice(0, bytes);
  }

  /** What is done with where answers go. */
  interface Work {
    void on(SynthesisOutput output);
  }

  private void check(SynthesisSolution right, int more, Work work) {
    List<Long> room =
        right.parts().stream().map(part -> part.content().byteSize() + more).toList();
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
    try (kernels;
        arena) {
      buffers.close();
    }
  }
}
