// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.ffi.host.Host;
import io.gpubench.ffi.host.gpubench_forest;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Matching, expansion and rewriting in C: one call a sample, on all threads of a pool. */
final class HostSynthesisKernels extends HostKernels implements SynthesisKernels {
  private final MemorySegment input = gpubench_forest.allocate(arena);
  private final MemorySegment output = gpubench_forest.allocate(arena);
  private Filter filter = Filter.NONE;
  private MemorySegment match = MemorySegment.NULL;
  private MemorySegment expand = MemorySegment.NULL;
  private MemorySegment rewrite = MemorySegment.NULL;

  HostSynthesisKernels(int threads, Simd simd) {
    super(threads, simd);
  }

  @Override
  public MatchVariant patterns(PatternSet patterns, @Nullable MatchVariant asked) {
    MatchVariant variant = asked == null ? MatchVariant.INDEX : asked;
    filter = variant == MatchVariant.INDEX ? Filter.ROOT : Filter.NONE;
    try (var scratch = Arena.ofConfined()) {
      MemorySegment created = scratch.allocate(ADDRESS);
      HostError.check(
          Host.gpubench_match_create(
              pool.handle(),
              simd.level,
              variant == MatchVariant.BRUTE
                  ? Host.GPUBENCH_MATCH_BRUTE()
                  : Host.GPUBENCH_MATCH_INDEX(),
              patterns.size(),
              scratch.allocateFrom(JAVA_INT, patterns.starts()),
              scratch.allocateFrom(JAVA_INT, patterns.entries()),
              created),
          "gpubench_match_create(%d patterns)".formatted(patterns.size()));
      match = created.get(ADDRESS, 0);
    }
    return variant;
  }

  @Override
  public Filter filter() {
    return filter;
  }

  @Override
  public void templates(TemplateSet templates) {
    int[] lengths = templates.lengths();
    try (var scratch = Arena.ofConfined()) {
      MemorySegment created = scratch.allocate(ADDRESS);
      HostError.check(
          Host.gpubench_expand_create(
              pool.handle(),
              simd.level,
              lengths.length,
              scratch.allocateFrom(JAVA_BYTE, templates.images()),
              scratch.allocateFrom(JAVA_INT, templates.imageStarts()),
              scratch.allocateFrom(JAVA_INT, lengths),
              scratch.allocateFrom(JAVA_INT, templates.holeStarts()),
              scratch.allocateFrom(JAVA_INT, templates.holes()),
              created),
          "gpubench_expand_create(%d templates)".formatted(lengths.length));
      expand = created.get(ADDRESS, 0);
    }
  }

  @Override
  public void rewriting(long nodes, int trees) {
    try (var scratch = Arena.ofConfined()) {
      MemorySegment created = scratch.allocate(ADDRESS);
      HostError.check(
          Host.gpubench_rewrite_create(pool.handle(), simd.level, created),
          "gpubench_rewrite_create");
      rewrite = created.get(ADDRESS, 0);
    }
  }

  /** Has a structure of the library point to the arrays of a forest. */
  private static MemorySegment pointTo(Forest forest, MemorySegment structure) {
    gpubench_forest.nodes(structure, forest.nodes());
    gpubench_forest.trees(structure, forest.trees());
    gpubench_forest.kinds(structure, forest.kind());
    gpubench_forest.arities(structure, forest.arity());
    gpubench_forest.symbols(structure, forest.symbol());
    gpubench_forest.first_children(structure, forest.firstChild());
    gpubench_forest.values(structure, forest.value());
    gpubench_forest.tree_starts(structure, forest.treeStart());
    return structure;
  }

  @Override
  public void match(Forest forest, MemorySegment counts) {
    HostError.check(
        Host.gpubench_match_count(match, pointTo(forest, input), counts), "gpubench_match_count");
  }

  @Override
  public void list(Forest forest, MemorySegment counts, MemorySegment starts, MemorySegment nodes) {
    HostError.check(
        Host.gpubench_match_list(
            match, pointTo(forest, input), counts, starts, nodes, nodes.byteSize() / Integer.BYTES),
        "gpubench_match_list");
  }

  @Override
  public void expand(
      Forest forest,
      MemorySegment starts,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text) {
    HostError.check(
        Host.gpubench_expand_run(
            expand, pointTo(forest, input), starts, nodes, offsets, text, text.byteSize()),
        "gpubench_expand_run");
  }

  @Override
  public void rewrite(Forest forest, Forest folded) {
    HostError.check(
        Host.gpubench_rewrite_run(rewrite, pointTo(forest, input), pointTo(folded, output)),
        "gpubench_rewrite_run");
  }

  @Override
  public void close() {
    Host.gpubench_match_destroy(match);
    Host.gpubench_expand_destroy(expand);
    Host.gpubench_rewrite_destroy(rewrite);
    super.close();
  }
}
