// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.ceiling.Ceiling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a setting in rotation: sample s has the forest of slot s mod {@value #SLOTS}, and
 * all have the same patterns and templates. Whoever prepares a run has each slot solved once; then
 * it is known what a sample does on average. For one thread; solving takes all processors.
 */
public final class SynthesisRotation {
  /** How many forests there are. */
  public static final int SLOTS = 4;

  static final String PAIRS = "pairs";
  static final String COMPARISONS = "comparisons";
  static final String MATCHES = "matches";

  private final Synthesis form;
  private final SynthesisParameters parameters;
  private final ForestGenerator generator;
  private final @Nullable PatternSet patterns;
  private final @Nullable TemplateSet templates;
  private final SynthesisSolver solver;
  private final @Nullable SynthesisAnswer[] answers = new SynthesisAnswer[SLOTS];

  /** That of a setting. Makes the patterns; no forest yet. */
  public SynthesisRotation(Synthesis form, SynthesisParameters parameters) {
    this.form = form;
    this.parameters = parameters;
    long seed = parameters.seed();
    generator =
        new ForestGenerator(ForestShape.of(parameters.nodes(), seed), seed, parameters.literals());
    if (form == Synthesis.REWRITE) {
      patterns = null;
      templates = null;
      solver = SynthesisSolver.rewrite();
      return;
    }
    var made = new PatternGenerator(generator, seed);
    PatternSet set = made.patterns(parameters.patterns());
    patterns = set;
    if (form == Synthesis.MATCH) {
      templates = null;
      solver = SynthesisSolver.match(set, parameters.listed());
    } else {
      TemplateSet filled = made.templates(set);
      templates = filled;
      solver = SynthesisSolver.expand(set, filled);
    }
  }

  /** Which input a sample has. */
  public static int slot(long sample) {
    return (int) (sample % SLOTS);
  }

  public Synthesis form() {
    return form;
  }

  public SynthesisParameters parameters() {
    return parameters;
  }

  public ForestGenerator generator() {
    return generator;
  }

  /** What is looked for; not of {@link Synthesis#REWRITE}. */
  public PatternSet patterns() {
    return Objects.requireNonNull(patterns, "no patterns");
  }

  /** What is filled; only of {@link Synthesis#EXPAND}. */
  public TemplateSet templates() {
    return Objects.requireNonNull(templates, "no templates");
  }

  /** A forest for a slot in memory of an arena, not filled yet. */
  public Forest allocate(Arena arena) {
    return Forest.allocate(
        bytes -> arena.allocate(bytes, Long.BYTES), parameters.nodes(), generator.shape().trees());
  }

  /**
   * Makes the forest of a slot, and the answer to it, which is remembered.
   *
   * @param forest of the setting's nodes and trees, which any thread may write
   * @param arena for the answer; any thread may use its memory
   */
  public SynthesisSolution solve(int slot, Forest forest, Arena arena) {
    generator.fill(forest, slot);
    SynthesisSolution solution = solver.solve(forest, arena);
    answers[slot] = solution.answer();
    return solution;
  }

  /** By what the right answer to a slot is known, which has been solved. */
  public SynthesisAnswer answer(int slot) {
    return Objects.requireNonNull(answers[slot], "not solved yet");
  }

  /** How long the longest of a part of the answers is, in bytes; all slots have been solved. */
  public long mostBytes(String part) {
    long most = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      most = Math.max(most, answer(slot).bytesOf(part));
    }
    return most;
  }

  /**
   * What another answer to a slot has otherwise first, in one line; null when nothing. Makes forest
   * and right answer anew.
   *
   * @param found the arrays of the answer in order
   */
  public @Nullable String mismatch(int slot, List<MemorySegment> found) {
    try (var arena = Arena.ofShared()) {
      Forest forest = allocate(arena);
      generator.fill(forest, slot);
      return solver.solve(forest, arena).mismatch(found);
    }
  }

  private double mean(ToLongFunction<SynthesisAnswer> amount) {
    double sum = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      sum += amount.applyAsLong(answer(slot));
    }
    return sum / SLOTS;
  }

  /** What one sample does; all slots have been solved. */
  public Work work() {
    return new Work(
        mean(SynthesisAnswer::units),
        mean(SynthesisAnswer::bytes),
        mean(SynthesisAnswer::operations));
  }

  /**
   * How much of other units a sample does: of {@link Synthesis#MATCH} pairs of a node and a pattern
   * that are decided, comparisons that are executed to decide them, and matches; of {@link
   * Synthesis#EXPAND} matches. All slots have been solved.
   *
   * @param filter of the matcher; of no interest where there is none
   */
  public Map<String, Double> amounts(Filter filter) {
    var amounts = new LinkedHashMap<String, Double>();
    if (form == Synthesis.MATCH) {
      amounts.put(PAIRS, (double) parameters.nodes() * parameters.patterns());
      amounts.put(COMPARISONS, mean(answer -> answer.comparisons().get(filter)));
    }
    if (form != Synthesis.REWRITE) {
      amounts.put(MATCHES, mean(SynthesisAnswer::matches));
    }
    return amounts;
  }

  /**
   * What a sample takes at least of memory: what it has to read or write that no cache can hold
   * from one sample to the next.
   *
   * @param read the ceiling of reading the memory that forests are in
   * @param copy the one of copying in it
   * @param cacheBytes of the largest cache before that memory; 0 where it is not known, and with it
   *     what memory has to do
   */
  public Map<String, Double> demands(Ceiling read, Ceiling copy, long cacheBytes) {
    double bytes = mean(SynthesisAnswer::bytes);
    double moved = bytes - cacheBytes;
    return cacheBytes > 0 && moved > 0
        ? Map.of((form == Synthesis.MATCH ? read : copy).id(), moved)
        : Map.of();
  }

  /** How the inputs rotate and who checks the answers, for the record. */
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("inputsInRotation", (long) SLOTS);
    map.put("reference", "every word of the answer, by two sums");
    map.put("shareChecked", 1.0);
    map.put("oracle", solver.oracle());
    map.put(
        "shareCheckedByOracle", solver.shareOfOracle(parameters.nodes(), parameters.patterns()));
    return map;
  }
}
