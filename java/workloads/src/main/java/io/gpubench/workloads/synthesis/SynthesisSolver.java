// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.gpubench.workloads.random.Philox;
import io.gpubench.workloads.synthesis.SynthesisSolution.Facts;
import io.gpubench.workloads.synthesis.SynthesisSolution.Part;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the right answer to an input, on all processors. What matches where comes from {@link
 * MatchReference}, and in up to 2^24 pairs of a node and a pattern from the {@link MatchOracle}
 * too: in all of them if there are no more, and else in {@value #WINDOWS} seeded ranges of nodes.
 * Expansions and rewritten trees come from their oracles. Immutable.
 */
public final class SynthesisSolver {
  private static final long PAIRS_OF_ORACLE = 1 << 24;
  private static final int WINDOWS = 16;

  /** Operations of mix64 and a sum: 3 shifts, 3 exclusive ors, 2 multiplications, 1 addition. */
  private static final int OPERATIONS_OF_MATCH = 9;

  private static final int MATCHES_AT_ONCE = 1 << 12;

  private final Synthesis form;
  private final boolean listed;
  private final @Nullable PatternSet patterns;
  private final @Nullable TemplateSet templates;
  private final @Nullable MatchReference reference;

  private SynthesisSolver(
      Synthesis form,
      boolean listed,
      @Nullable PatternSet patterns,
      @Nullable TemplateSet templates) {
    this.form = form;
    this.listed = listed;
    this.patterns = patterns;
    this.templates = templates;
    this.reference = patterns == null ? null : new MatchReference(patterns);
  }

  /**
   * Of {@link Synthesis#MATCH}.
   *
   * @param listed whether the list is a part of the answer
   */
  public static SynthesisSolver match(PatternSet patterns, boolean listed) {
    return new SynthesisSolver(Synthesis.MATCH, listed, patterns, null);
  }

  /** Of {@link Synthesis#EXPAND}. */
  public static SynthesisSolver expand(PatternSet patterns, TemplateSet templates) {
    return new SynthesisSolver(Synthesis.EXPAND, true, patterns, templates);
  }

  /** Of {@link Synthesis#REWRITE}. */
  public static SynthesisSolver rewrite() {
    return new SynthesisSolver(Synthesis.REWRITE, false, null, null);
  }

  /**
   * The answer to an input.
   *
   * @param forest that any thread may read
   * @param arena for the answer; any thread may use its memory
   */
  public SynthesisSolution solve(Forest forest, Arena arena) {
    if (patterns == null || reference == null) {
      return rewritten(forest, arena);
    }
    MatchReference.Found found = reference.find(forest);
    compare(patterns, reference, forest);
    MatchList list = listed ? reference.list(forest, arena) : null;
    return templates == null || list == null
        ? matched(forest, patterns, found, list, arena)
        : expanded(forest, patterns, templates, found, list, arena);
  }

  /** Who is right, for the record. */
  String oracle() {
    return switch (form) {
      case MATCH -> "MatchOracle";
      case EXPAND -> "MatchOracle, ExpandOracle";
      case REWRITE -> "RewriteOracle";
    };
  }

  /** The share of the pairs that the oracle decides too; 1 where there are none. */
  double shareOfOracle(long nodes, int patterns) {
    double pairs = (double) nodes * patterns;
    return pairs <= PAIRS_OF_ORACLE ? 1 : PAIRS_OF_ORACLE / pairs;
  }

  private static void compare(PatternSet patterns, MatchReference reference, Forest forest) {
    long nodes = forest.nodes();
    long compared = Math.clamp(PAIRS_OF_ORACLE / patterns.size(), 1, nodes);
    int windows = compared == nodes ? 1 : (int) Math.min(WINDOWS, compared);
    long size = compared / windows;
    IntStream.range(0, windows)
        .parallel()
        .forEach(window -> {
          long from = Philox.below(nodes - size + 1, Words.mix64(window + nodes));
          long[] right = MatchOracle.counts(forest, patterns, from, from + size);
          if (!Arrays.equals(right, reference.find(forest, from, from + size).counts())) {
            throw new IllegalStateException(
                "the reference disagrees with the oracle on nodes from " + from);
          }
        });
  }

  private static SynthesisSolution matched(
      Forest forest,
      PatternSet patterns,
      MatchReference.Found found,
      @Nullable MatchList list,
      Arena arena) {
    long[] counts = found.counts();
    MemorySegment words = arena.allocate((long) counts.length * Long.BYTES, Long.BYTES);
    for (int i = 0; i < counts.length; i++) {
      words.set(JAVA_LONG_UNALIGNED, (long) i * Long.BYTES, counts[i]);
    }
    var parts = new ArrayList<Part>();
    parts.add(new Part(SynthesisSolution.COUNTS, words, Long.BYTES));
    if (list != null) {
      parts.add(new Part(SynthesisSolution.STARTS, list.starts(), Long.BYTES));
      parts.add(new Part(SynthesisSolution.NODES, list.nodes(), Integer.BYTES));
    }
    long written = parts.stream().mapToLong(part -> part.content().byteSize()).sum();
    long matches = matches(patterns, counts);
    return new SynthesisSolution(
        forest,
        list,
        parts,
        new Facts(
            matches,
            found.byFilter(),
            forest.nodes(),
            found.bytes() + written,
            OPERATIONS_OF_MATCH * matches));
  }

  private static long matches(PatternSet patterns, long[] counts) {
    return IntStream.range(0, patterns.size()).mapToLong(p -> counts[2 * p]).sum();
  }

  private static SynthesisSolution expanded(
      Forest forest,
      PatternSet patterns,
      TemplateSet templates,
      MatchReference.Found found,
      MatchList list,
      Arena arena) {
    long matches = list.matches();
    MemorySegment offsets = arena.allocate((matches + 1) * Long.BYTES, Long.BYTES);
    int[] patternOf = new int[Math.toIntExact(Math.ceilDiv(matches, MATCHES_AT_ONCE))];
    long at = 0;
    long holes = 0;
    for (int p = 0; p < patterns.size(); p++) {
      int length = templates.template(p).length();
      for (long m = list.startAt(p); m < list.startAt(p + 1); m++) {
        if (m % MATCHES_AT_ONCE == 0) {
          patternOf[(int) (m / MATCHES_AT_ONCE)] = p;
        }
        offsets.set(JAVA_LONG_UNALIGNED, m * Long.BYTES, at);
        at += length;
      }
      long count = list.startAt(p + 1) - list.startAt(p);
      holes += count * templates.holes(p);
    }
    offsets.set(JAVA_LONG_UNALIGNED, matches * Long.BYTES, at);
    MemorySegment text = arena.allocate(at, Long.BYTES);
    LongStream.range(0, patternOf.length)
        .parallel()
        .forEach(part -> {
          int p = patternOf[(int) part];
          for (long m = part * MATCHES_AT_ONCE;
              m < Math.min(matches, (part + 1) * MATCHES_AT_ONCE);
              m++) {
            while (list.startAt(p + 1) <= m) {
              p++;
            }
            byte[] expansion =
                ExpandOracle.expand(
                    forest, list.nodeAt(m), patterns.pattern(p), templates.template(p));
            MemorySegment.copy(
                MemorySegment.ofArray(expansion),
                0,
                text,
                offsets.get(JAVA_LONG_UNALIGNED, m * Long.BYTES),
                expansion.length);
          }
        });
    return new SynthesisSolution(
        forest,
        list,
        List.of(
            new Part(SynthesisSolution.OFFSETS, offsets, Long.BYTES),
            new Part(SynthesisSolution.TEXT, text, 1)),
        new Facts(
            matches,
            found.byFilter(),
            at,
            list.nodes().byteSize()
                + Integer.BYTES * wordsRead(forest, list, templates)
                + offsets.byteSize()
                + text.byteSize(),
            holes));
  }

  /** How many words of the forest have to be read: each counts once, whoever needs it. */
  private static long wordsRead(Forest forest, MatchList list, TemplateSet templates) {
    var symbols = new BitSet();
    var children = new BitSet();
    for (int p = 0; p < list.patterns(); p++) {
      for (long m = list.startAt(p); m < list.startAt(p + 1); m++) {
        for (int hole = 0; hole < templates.holes(p); hole++) {
          int node = (int) list.nodeAt(m);
          for (int child : templates.path(p, hole)) {
            children.set(node);
            node = (int) forest.firstChildAt(node) + child;
          }
          symbols.set(node);
        }
      }
    }
    return symbols.cardinality() + (long) children.cardinality();
  }

  private SynthesisSolution rewritten(Forest forest, Arena arena) {
    if (form != Synthesis.REWRITE) {
      throw new IllegalStateException(form.id() + " without patterns");
    }
    int trees = forest.trees();
    long[] sizes =
        IntStream.range(0, trees)
            .parallel()
            .mapToLong(tree -> RewriteOracle.rewrite(forest.tree(tree)).size())
            .toArray();
    long nodes = LongStream.of(sizes).sum();
    Forest result = Forest.allocate(bytes -> arena.allocate(bytes, Long.BYTES), nodes, trees);
    long at = 0;
    for (int tree = 0; tree < trees; tree++) {
      result.setTreeStart(tree, at);
      at += sizes[tree];
    }
    result.setTreeStart(trees, at);
    IntStream.range(0, trees)
        .parallel()
        .forEach(tree ->
            RewriteOracle.rewrite(forest.tree(tree)).store(result, result.treeStartAt(tree)));
    var parts = new ArrayList<Part>();
    for (int i = 0; i < SynthesisSolution.FOREST.size(); i++) {
      parts.add(
          new Part(
              SynthesisSolution.FOREST.get(i),
              result.arrays().get(i),
              i < 2 ? Byte.BYTES : Integer.BYTES));
    }
    return new SynthesisSolution(
        forest,
        null,
        parts,
        new Facts(
            0,
            Map.of(),
            forest.nodes(),
            bytesRead(forest, result) + Forest.bytes(nodes, trees),
            forest.nodes()));
  }

  /**
   * What has to be read to rewrite a forest: kinds, arities and where trees begin, of what is left
   * the symbols, and of what is left and a literal the value or, where it was folded, one at least
   * that it was folded from. Where children begin follows from the arities.
   */
  private static long bytesRead(Forest forest, Forest result) {
    long literals =
        LongStream.range(0, result.nodes())
            .parallel()
            .filter(node -> result.kindAt(node) == Kind.LITERAL)
            .count();
    return 2 * Byte.BYTES * forest.nodes()
        + Integer.BYTES * (forest.trees() + 1L)
        + Integer.BYTES * (result.nodes() + literals);
  }
}
