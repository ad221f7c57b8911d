// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisAnswer;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Matching, expanding or rewriting on an engine on the processors. All forests in rotation lie in
 * memory, and, for expanding, where their patterns match. Before each sample everything that an
 * answer may take is overwritten with a word that depends on the sample; afterwards each array of
 * the answer is compared with the right one by two sums over all of its words, and what is behind
 * it with that word. All this is done here and not by the engine.
 *
 * <p>Owns its kernels and closes them. Used by the thread that measures.
 */
public final class SynthesisRun implements Wakeable {
  private final SynthesisRotation rotation;
  private final SynthesisKernels kernels;
  private final Buffers buffers;
  private final @Nullable MatchVariant variant;
  private final Map<String, Double> demands;
  private final Forest[] forests = new Forest[SynthesisRotation.SLOTS];
  private final MemorySegment[] starts = new MemorySegment[SynthesisRotation.SLOTS];
  private final MemorySegment[] nodes = new MemorySegment[SynthesisRotation.SLOTS];
  private final SynthesisOutput output;
  private final SynthesisOutput.Expected[] expected =
      new SynthesisOutput.Expected[SynthesisRotation.SLOTS];
  private final @Nullable Forest folded;
  private int slot;

  private SynthesisRun(
      SynthesisRotation rotation,
      @Nullable MatchVariant asked,
      MachineFacts facts,
      SynthesisKernels kernels,
      Buffers buffers) {
    this.rotation = rotation;
    this.kernels = kernels;
    this.buffers = buffers;
    boolean matching = rotation.form() == Synthesis.MATCH;
    variant = matching ? kernels.patterns(rotation.patterns(), asked) : null;
    if (rotation.form() == Synthesis.EXPAND) {
      kernels.templates(rotation.templates());
    }
    for (int k = 0; k < SynthesisRotation.SLOTS; k++) {
      forests[k] =
          kernels.forest(k, rotation.parameters().nodes(), rotation.generator().shape().trees());
      try (var arena = Arena.ofShared()) {
        keepList(k, rotation.solve(k, forests[k], arena));
      }
    }
    if (rotation.form() == Synthesis.REWRITE) {
      kernels.rewriting(forests[0].nodes(), forests[0].trees());
    }
    output = new SynthesisOutput(kernels::allocate, room(), buffers);
    for (int k = 0; k < SynthesisRotation.SLOTS; k++) {
      expected[k] = output.expect(rotation.answer(k));
    }
    folded = rotation.form() == Synthesis.REWRITE ? forest(output) : null;
    kernels.inputs(List.of(forests), lists(), output.rooms());
    demands =
        rotation.demands(
            Ceiling.HOSTREAD, Ceiling.HOSTCOPY, kernels.cacheBytes(facts.lastLevelCacheBytes()));
  }

  /**
   * Opens kernels, makes the inputs and solves them. The caller closes the run.
   *
   * @param values of the workload of that form, with the tuning parameters of {@link
   *     SynthesisAdapter}
   * @param threads so many may fill and check what is large
   * @throws EngineException when the kernels cannot be opened, or there is not so much memory
   */
  public static SynthesisRun prepare(
      Synthesis form,
      ParameterValues values,
      MachineFacts facts,
      int threads,
      Supplier<SynthesisKernels> open) {
    var rotation = new SynthesisRotation(form, SynthesisParameters.of(form, values));
    MatchVariant asked =
        form == Synthesis.MATCH && values.has(SynthesisAdapter.VARIANT)
            ? MatchVariant.of(values.choice(SynthesisAdapter.VARIANT))
            : null;
    SynthesisKernels kernels = open.get();
    var buffers = new Buffers(threads);
    try {
      return new SynthesisRun(rotation, asked, facts, kernels, buffers);
    } catch (OutOfMemoryError refused) {
      try (kernels;
          buffers) {
        throw new EngineException("out of memory: the right answers do not fit", refused);
      }
    } catch (RuntimeException | Error failure) {
      try (kernels;
          buffers) {
        throw failure;
      }
    }
  }

  /** More than that may be read behind it. */
  private MemorySegment allocate(long bytes) {
    return kernels.allocate(SynthesisOutput.withGuard(bytes)).asSlice(0, bytes);
  }

  private void keepList(int k, SynthesisSolution solution) {
    MatchList list = solution.list();
    if (rotation.form() == Synthesis.EXPAND && list != null) {
      starts[k] = allocate(list.starts().byteSize()).copyFrom(list.starts());
      nodes[k] = allocate(list.nodes().byteSize()).copyFrom(list.nodes());
    }
  }

  private List<MatchList> lists() {
    return rotation.form() == Synthesis.EXPAND
        ? IntStream.range(0, SynthesisRotation.SLOTS)
            .mapToObj(k -> new MatchList(starts[k], nodes[k]))
            .toList()
        : List.of();
  }

  /** How much each array of an answer may take: a folded forest as much as a forest. */
  private List<Long> room() {
    return rotation.form() == Synthesis.REWRITE
        ? forests[0].arrays().stream().map(MemorySegment::byteSize).toList()
        : rotation.answer(0).parts().stream()
            .map(SynthesisAnswer.Part::name)
            .map(rotation::mostBytes)
            .toList();
  }

  /** A forest where its arrays are stored. */
  static Forest forest(SynthesisOutput output) {
    return new Forest(
        output.room(0),
        output.room(1),
        output.room(2),
        output.room(3),
        output.room(4),
        output.room(5));
  }

  @Override
  public void stage(long sample) {
    slot = SynthesisRotation.slot(sample);
    output.poison(Words.mix64(~sample));
    kernels.wake();
  }

  @Override
  public void wake() {
    kernels.wake();
  }

  @Override
  public void execute() {
    Forest forest = forests[slot];
    switch (rotation.form()) {
      case MATCH -> {
        if (rotation.parameters().listed()) {
          kernels.list(forest, output.room(0), output.room(1), output.room(2));
        } else {
          kernels.match(forest, output.room(0));
        }
      }
      case EXPAND ->
          kernels.expand(forest, starts[slot], nodes[slot], output.room(0), output.room(1));
      case REWRITE -> kernels.rewrite(forest, Objects.requireNonNull(folded));
    }
  }

  @Override
  public boolean verify(long sample) {
    return expected[SynthesisRotation.slot(sample)].found();
  }

  @Override
  public String mismatch(long sample) {
    int at = SynthesisRotation.slot(sample);
    String first = rotation.mismatch(at, output.rooms());
    if (first != null) {
      return "input %d: %s".formatted(at, first);
    }
    return expected[at].nothingBehind()
        ? "input %d: expected a wrong answer, but it is right now".formatted(at)
        : "input %d: bytes behind the answer have changed, expected none".formatted(at);
  }

  @Override
  public long digest() {
    return expected[slot].digest();
  }

  @Override
  public Work work() {
    return rotation.work();
  }

  @Override
  public Map<String, Double> demands() {
    return demands;
  }

  @Override
  public Map<String, Double> amounts() {
    return rotation.amounts(variant == null ? Filter.NONE : kernels.filter());
  }

  @Override
  public long inputs() {
    return SynthesisRotation.SLOTS;
  }

  @Override
  public Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<>(kernels.configuration());
    if (variant != null) {
      map.put(SynthesisAdapter.VARIANT, variant.word());
    }
    return map;
  }

  @Override
  public void close() {
    try (buffers) {
      kernels.close();
    }
  }
}
