// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.KeyFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Work on a forest of syntax trees: {@link Synthesis} says which. The forest is that of a {@link
 * ForestGenerator}; patterns are cut from it, and each has a template.
 */
public final class SynthesisWorkload implements Workload {
  private static final long USUAL_NODES = 1L << 24;

  /** Bytes that do not depend on nodes: code, threads, patterns and tables. */
  private static final long FIXED_OVERHEAD = 96L << 20;

  /** How many nodes are looked at to foresee how many matches there will be, and of what forest. */
  private static final long NODES_TRIED = 1 << 16;

  private static final long FOREST_TRIED = 1 << 19;

  /** There may be more matches than foreseen by this factor. */
  private static final double MARGIN = 1.5;

  private static final Map<List<Long>, Foreseen> FORESEEN = new ConcurrentHashMap<>();

  private final Synthesis form;

  private SynthesisWorkload(Synthesis form) {
    this.form = form;
  }

  /** All three. */
  public static List<Workload> all() {
    return Arrays.stream(Synthesis.values()).<Workload>map(SynthesisWorkload::new).toList();
  }

  @Override
  public String id() {
    return form.id();
  }

  @Override
  public String summary() {
    return form.summary();
  }

  @Override
  public String unitOfWork() {
    return form.unitOfWork();
  }

  @Override
  public List<String> otherUnits() {
    return switch (form) {
      case MATCH ->
          List.of(
              SynthesisRotation.PAIRS, SynthesisRotation.COMPARISONS, SynthesisRotation.MATCHES);
      case EXPAND -> List.of(SynthesisRotation.MATCHES);
      case REWRITE -> List.of();
    };
  }

  @Override
  public List<Parameter> parameters() {
    var nodes =
        new Parameter.Whole(
            "nodes", "nodes of a forest", 1, Forest.MOST_NODES, List.of(USUAL_NODES));
    var seed = new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L));
    return switch (form) {
      case MATCH ->
          List.of(
              nodes,
              patterns(List.of(32L, 1000L)),
              new Parameter.Choice(
                  "output",
                  "what is wanted: matches counted, or listed too",
                  List.of(SynthesisParameters.COUNTS, SynthesisParameters.LIST),
                  List.of(SynthesisParameters.COUNTS)),
              seed);
      case EXPAND -> List.of(nodes, patterns(List.of(1000L)), seed);
      case REWRITE ->
          List.of(
              nodes,
              new Parameter.Decimal(
                  "literals", "share of the leaves that are literals", 0, 1, List.of(0.75)),
              seed);
    };
  }

  private static Parameter patterns(List<Long> defaults) {
    return new Parameter.Whole(
        "patterns", "patterns that are looked for", 1, PatternSet.MOST, defaults);
  }

  @Override
  public String sizeParameter() {
    return "nodes";
  }

  /**
   * {@inheritDoc}
   *
   * <p>With N nodes, n forests in rotation, and, foreseen from a part of a forest, M matches and L
   * bytes of their expansions:
   *
   * <pre>
   * forests      14 (n + 1) N and where their trees begin; one to say what is wrong
   * match        2 * 4 M where they are listed
   * expand       4 n M + 2 (8 M + L)
   * rewrite      2 * 14 N and where the trees begin
   * fixed        96 MiB
   * </pre>
   */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    var setting = SynthesisParameters.of(form, values);
    long nodes = setting.nodes();
    // no forest has more trees than this, save by an accident
    double forest = Forest.bytes(nodes, nodes / 64);
    double bytes = (SynthesisRotation.SLOTS + 1) * forest;
    if (form == Synthesis.REWRITE) {
      bytes += 2 * forest;
    } else if (setting.listed()) {
      Foreseen foreseen = Foreseen.of(setting.patterns(), setting.seed());
      double pairs = (double) nodes * setting.patterns();
      double matches =
          Math.min(pairs, MARGIN * Math.max(nodes, FOREST_TRIED) * foreseen.matchesOfNode);
      bytes +=
          form == Synthesis.MATCH
              ? 2 * Integer.BYTES * matches
              : matches
                  * (SynthesisRotation.SLOTS * Integer.BYTES
                      + 2 * (Long.BYTES + foreseen.bytesOfMatch));
    }
    return (long) Math.ceil(bytes) + FIXED_OVERHEAD;
  }

  /**
   * What is to be expected of patterns.
   *
   * @param matchesOfNode of all of them together
   * @param bytesOfMatch of its expansion
   */
  private record Foreseen(double matchesOfNode, double bytesOfMatch) {
    static Foreseen of(int patterns, long seed) {
      return FORESEEN.computeIfAbsent(List.of((long) patterns, seed), _ -> find(patterns, seed));
    }

    private static Foreseen find(int patterns, long seed) {
      var whole =
          new ForestGenerator(
              ForestShape.of(FOREST_TRIED, seed), seed, SynthesisParameters.USUAL_LITERALS);
      var made = new PatternGenerator(whole, seed);
      PatternSet set = made.patterns(patterns);
      TemplateSet templates = made.templates(set);
      var shape = ForestShape.of(NODES_TRIED, seed);
      try (var arena = Arena.ofShared()) {
        Forest forest =
            Forest.allocate(bytes -> arena.allocate(bytes, Long.BYTES), NODES_TRIED, shape.trees());
        new ForestGenerator(shape, seed, SynthesisParameters.USUAL_LITERALS).fill(forest, 0);
        long[] counts = new MatchReference(set).find(forest).counts();
        double matches = 0;
        double bytes = 0;
        for (int p = 0; p < patterns; p++) {
          matches += counts[2 * p];
          bytes += (double) counts[2 * p] * templates.template(p).length();
        }
        return new Foreseen(matches / NODES_TRIED, matches == 0 ? 0 : bytes / matches);
      }
    }
  }

  /**
   * {@inheritDoc} Nodes and pairs follow from the values; a pair is a match or none, and takes a
   * comparison or none.
   */
  @Override
  public @Nullable String contradiction(
      ParameterValues values, PreparedRun.Work work, Map<String, Double> amounts) {
    var setting = SynthesisParameters.of(form, values);
    if (form != Synthesis.EXPAND && differ(work.units(), (double) setting.nodes())) {
      return "a sample of %d nodes is said to do %s".formatted(setting.nodes(), work.units());
    }
    if (form == Synthesis.REWRITE) {
      return null;
    }
    double most = (double) setting.nodes() * setting.patterns();
    double pairs = amounts.getOrDefault(SynthesisRotation.PAIRS, most);
    double comparisons = amounts.getOrDefault(SynthesisRotation.COMPARISONS, most);
    double matches = amounts.getOrDefault(SynthesisRotation.MATCHES, 0.0);
    if (differ(pairs, most)) {
      return "%d nodes and %d patterns are said to be %s pairs"
          .formatted(setting.nodes(), setting.patterns(), pairs);
    }
    return matches <= pairs && comparisons <= pairs
        ? null
        : "%s matches, %s comparisons and %s pairs cannot be of the same patterns"
            .formatted(matches, comparisons, pairs);
  }

  /** By more than a multiplication by pieces and the division by them can do. */
  private static boolean differ(double said, double right) {
    return !(Math.abs(said - right) <= 1e-9 * right);
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    var rotation = new SynthesisRotation(form, SynthesisParameters.of(form, values));
    try (var arena = Arena.ofShared()) {
      rotation.solve(SynthesisRotation.slot(sample), rotation.allocate(arena), arena);
    }
    return rotation.answer(SynthesisRotation.slot(sample)).digest();
  }

  /** {@inheritDoc} The keys only: no engine in another process is asked to make forests of them. */
  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    var rotation = new SynthesisRotation(form, SynthesisParameters.of(form, values));
    long[] digests = new long[SynthesisRotation.SLOTS];
    long[][] keys = new long[SynthesisRotation.SLOTS][];
    for (int slot = 0; slot < digests.length; slot++) {
      try (var arena = Arena.ofShared()) {
        rotation.solve(slot, rotation.allocate(arena), arena);
      }
      digests[slot] = rotation.answer(slot).digest();
      keys[slot] = rotation.generator().keys(slot);
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, rotation.work(), rotation.verification());
  }
}
