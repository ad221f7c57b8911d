// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.synthesis.SynthesisSolver;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Right, slow, and open to whoever wants to spoil an answer. May be closed twice. */
class OracleKernels implements SynthesisKernels {
  private final Arena arena = Arena.ofShared();
  private final SynthesisSolver solver;
  private final boolean listed;

  /** All memory that was handed out. */
  final List<MemorySegment> allocated = new ArrayList<>();

  /** Where the last answer was stored. */
  List<MemorySegment> stored = List.of();

  boolean closed;

  OracleKernels(Synthesis form, ParameterValues values) {
    SynthesisParameters setting = SynthesisParameters.of(form, values);
    var rotation = new SynthesisRotation(form, setting);
    listed = setting.listed();
    solver =
        switch (form) {
          case MATCH -> SynthesisSolver.match(rotation.patterns(), listed);
          case EXPAND -> SynthesisSolver.expand(rotation.patterns(), rotation.templates());
          case REWRITE -> SynthesisSolver.rewrite();
        };
  }

  /** The memory that answers are stored in, with what is behind them. */
  List<MemorySegment> outputs() {
    return stored.stream()
        .map(part ->
            allocated.stream()
                .filter(memory -> memory.address() == part.address())
                .findFirst()
                .orElseThrow())
        .toList();
  }

  @Override
  public MemorySegment allocate(long bytes) {
    allocated.add(arena.allocate(bytes, 64));
    return allocated.getLast();
  }

  @Override
  public void wake() {}

  @Override
  public MatchVariant patterns(PatternSet patterns, @Nullable MatchVariant asked) {
    return MatchVariant.BRUTE;
  }

  @Override
  public Filter filter() {
    return Filter.NONE;
  }

  @Override
  public void templates(TemplateSet templates) {}

  @Override
  public void rewriting(long nodes, int trees) {}

  private void store(Forest forest, List<MemorySegment> into) {
    try (var answer = Arena.ofShared()) {
      List<SynthesisSolution.Part> parts = solver.solve(forest, answer).parts();
      for (int i = 0; i < parts.size(); i++) {
        into.get(i).copyFrom(parts.get(i).content());
      }
    }
    stored = into;
  }

  @Override
  public void match(Forest forest, MemorySegment counts) {
    store(forest, List.of(counts));
  }

  @Override
  public void list(Forest forest, MemorySegment counts, MemorySegment starts, MemorySegment nodes) {
    store(forest, List.of(counts, starts, nodes));
  }

  @Override
  public void expand(
      Forest forest,
      MemorySegment starts,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text) {
    store(forest, List.of(offsets, text));
  }

  @Override
  public void rewrite(Forest forest, Forest folded) {
    store(forest, folded.arrays());
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", 1L);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}
