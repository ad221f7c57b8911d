// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What matches where, for forests that are too large for the oracle: patterns are in lists by the
 * kind and the symbol that they ask for, and only those of a node's lists are compared with it,
 * from the flat form of the patterns. The {@link MatchOracle} checks it, see {@link
 * SynthesisSolver}. Immutable.
 */
final class MatchReference {
  private static final int CHUNKS = 256;
  private static final int LEAST_CHUNK = 1 << 14;

  /** What memory is read in, in bytes, and how many nodes of four bytes each that are. */
  private static final int SECTOR_BYTES = 32;

  private static final int NODES_OF_SECTOR = SECTOR_BYTES / Integer.BYTES;

  private static final int ARITIES = 16;
  private static final int KINDS = Kind.values().length;

  /** Whose kinds {@link Filter#CHILDREN} looks at. */
  private static final int CHILDREN = 4;

  private static final int[] NONE = {};

  private final PatternSet patterns;
  private final int[] starts;
  private final int[] entries;
  private final int[] everywhere;
  private final boolean[] symbolAsked = new boolean[KINDS * ARITIES];
  private final boolean[] childAsked;
  private final boolean[] moreAsked;
  private final int[][] ofKind = new int[KINDS][];
  private final int[][] ofKindAndSymbol = new int[KINDS * Forest.SYMBOLS][];

  MatchReference(PatternSet patterns) {
    this.patterns = patterns;
    starts = patterns.starts();
    entries = patterns.entries();
    childAsked = new boolean[patterns.size()];
    moreAsked = new boolean[patterns.size()];
    var wildcards = new ArrayList<Integer>();
    var byKind = new ArrayList<List<Integer>>();
    var byBoth = new ArrayList<@Nullable List<Integer>>();
    for (int i = 0; i < KINDS; i++) {
      byKind.add(new ArrayList<>());
    }
    for (int i = 0; i < ofKindAndSymbol.length; i++) {
      byBoth.add(null);
    }
    for (int p = 0; p < patterns.size(); p++) {
      if (!(patterns.pattern(p).root() instanceof Pattern.Asked asked)) {
        wildcards.add(p);
        continue;
      }
      childAsked[p] = asked.children().stream().anyMatch(Pattern.Asked.class::isInstance);
      moreAsked[p] = moreThanKinds(asked.children());
      for (int arity = asked.children().size(); arity <= Kind.MOST_ARGUMENTS; arity++) {
        symbolAsked[ARITIES * asked.kind().number() + arity] |=
            asked.symbol() != Pattern.ANY
                && (asked.arity() == Pattern.ANY || asked.arity() == arity);
      }
      if (asked.symbol() == Pattern.ANY) {
        byKind.get(asked.kind().number()).add(p);
      } else {
        int key = asked.kind().number() * Forest.SYMBOLS + asked.symbol();
        List<Integer> list = byBoth.get(key);
        if (list == null) {
          list = new ArrayList<>();
          byBoth.set(key, list);
        }
        list.add(p);
      }
    }
    everywhere = array(wildcards);
    for (int i = 0; i < KINDS; i++) {
      ofKind[i] = array(byKind.get(i));
    }
    for (int i = 0; i < ofKindAndSymbol.length; i++) {
      List<Integer> list = byBoth.get(i);
      ofKindAndSymbol[i] = list == null ? NONE : array(list);
    }
  }

  /** Whether there is more than the kinds of the first children. */
  private static boolean moreThanKinds(List<Pattern.Node> children) {
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i) instanceof Pattern.Asked child
          && (i >= CHILDREN
              || child.symbol() != Pattern.ANY
              || child.arity() != Pattern.ANY
              || !child.children().isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * What was found in a range of nodes.
   *
   * @param counts as of {@link MatchOracle#counts}
   * @param comparisons that are left by no filter, by kind and symbol, root, children
   * @param bytesRead {@link #bytesRead}, alone in an array
   */
  @SuppressWarnings("ArrayRecordComponent") // summed up here
  record Found(long[] counts, long[] comparisons, long[] bytesRead) {
    /**
     * Bytes that whoever decides has to read from memory, in sectors of 32: the kinds of all nodes;
     * the symbols of those whose kind and arity some pattern asks for together with a symbol; where
     * the children begin of those whose root some pattern accepts that asks for a child. What else
     * is read depends on what was read before.
     */
    long bytes() {
      return bytesRead[0];
    }

    /** How many comparisons each filter leaves. */
    Map<Filter, Long> byFilter() {
      return Map.of(
          Filter.NONE, comparisons[0],
          Filter.KIND_SYMBOL, comparisons[1],
          Filter.ROOT, comparisons[2],
          Filter.CHILDREN, comparisons[3]);
    }
  }

  /** In the nodes from the first to the one before the last. */
  Found find(Forest forest, long from, long to) {
    var search = new Search(forest, new long[2 * patterns.size()], null, MemorySegment.NULL);
    search.run(from, to);
    return search.found();
  }

  /** In a whole forest, on all processors. */
  Found find(Forest forest) {
    var total = new Search(forest, new long[2 * patterns.size()], null, MemorySegment.NULL).found();
    for (Found found : chunks(forest)) {
      add(total.counts(), found.counts());
      add(total.comparisons(), found.comparisons());
      add(total.bytesRead(), found.bytesRead());
    }
    return total;
  }

  private static void add(long[] to, long[] more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }

  /** The list of all matches, in memory of an arena that any thread may use. */
  MatchList list(Forest forest, Arena arena) {
    List<Found> chunks = chunks(forest);
    MemorySegment begins = arena.allocate((patterns.size() + 1L) * Long.BYTES, Long.BYTES);
    long[][] next = new long[chunks.size()][patterns.size()];
    long at = 0;
    for (int p = 0; p < patterns.size(); p++) {
      begins.set(JAVA_LONG_UNALIGNED, p * (long) Long.BYTES, at);
      for (int c = 0; c < next.length; c++) {
        next[c][p] = at;
        at += chunks.get(c).counts()[2 * p];
      }
    }
    begins.set(JAVA_LONG_UNALIGNED, patterns.size() * (long) Long.BYTES, at);
    MemorySegment nodes = arena.allocate(at * Integer.BYTES, Integer.BYTES);
    long size = chunk(forest);
    IntStream.range(0, next.length)
        .parallel()
        .forEach(c ->
            new Search(forest, new long[2 * patterns.size()], next[c], nodes)
                .run(c * size, Math.min(forest.nodes(), (c + 1) * size)));
    return new MatchList(begins, nodes);
  }

  private static long chunk(Forest forest) {
    long size = Math.max(LEAST_CHUNK, Math.ceilDiv(forest.nodes(), CHUNKS));
    return Math.ceilDiv(size, NODES_OF_SECTOR) * NODES_OF_SECTOR;
  }

  private List<Found> chunks(Forest forest) {
    long size = chunk(forest);
    return IntStream.range(0, (int) Math.ceilDiv(forest.nodes(), size))
        .parallel()
        .mapToObj(c -> find(forest, c * size, Math.min(forest.nodes(), (c + 1) * size)))
        .toList();
  }

  /** Goes through a range of nodes. */
  private final class Search {
    private final Forest forest;
    private final long[] counts;
    private final long @Nullable [] next;
    private final MemorySegment nodes;
    private long looked;
    private long roots;
    private long children;
    private long seen;
    private long sectors;
    private boolean descended;

    Search(Forest forest, long[] counts, long @Nullable [] next, MemorySegment nodes) {
      this.forest = forest;
      this.counts = counts;
      this.next = next;
      this.nodes = nodes;
    }

    void run(long from, long to) {
      boolean symbolRead = false;
      boolean childRead = false;
      for (long node = from; node < to; node++) {
        if (node % NODES_OF_SECTOR == 0) {
          symbolRead = false;
          childRead = false;
        }
        descended = false;
        int kind = forest.kindAt(node).number();
        int header = forest.header(node);
        look(everywhere, node, header);
        look(ofKind[kind], node, header);
        look(ofKindAndSymbol[kind * Forest.SYMBOLS + forest.symbolAt(node)], node, header);
        if (!symbolRead && symbolAsked[ARITIES * kind + forest.arityAt(node)]) {
          symbolRead = true;
          sectors++;
        }
        if (!childRead && descended) {
          childRead = true;
          sectors++;
        }
      }
      seen += to - from;
    }

    private void look(int[] list, long node, int header) {
      looked += list.length;
      for (int pattern : list) {
        if (patterns.rootMatches(pattern, header)) {
          roots += childAsked[pattern] ? 1 : 0;
          descended |= childAsked[pattern];
          if (childrenMatch(pattern, node)) {
            children += moreAsked[pattern] ? 1 : 0;
            if (matches(pattern, node)) {
              take(pattern, node);
            }
          }
        }
      }
    }

    /** As {@link Filter#CHILDREN} has it. */
    private boolean childrenMatch(int pattern, long node) {
      int begin = starts[pattern];
      if (forest.arityAt(node) < entries[2 * begin + 1] >>> PatternSet.LEAST_ARITY_SHIFT) {
        return false;
      }
      for (int at = begin + 1; at < starts[pattern + 1]; at++) {
        int want = entries[2 * at + 1];
        int child = want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK;
        if ((want >>> PatternSet.LEVEL_SHIFT & PatternSet.LEVEL_MASK) == 1
            && (want & PatternSet.WILDCARD) == 0
            && child < CHILDREN
            && forest.kindAt(forest.firstChildAt(node) + child).number()
                != (want & Forest.header(15, 0, 0))) {
          return false;
        }
      }
      return true;
    }

    /** Whether all nodes of the pattern agree. */
    private boolean matches(int pattern, long node) {
      long first = forest.firstChildAt(node);
      long second = 0;
      for (int at = starts[pattern]; at < starts[pattern + 1]; at++) {
        int want = entries[2 * at + 1];
        int child = want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK;
        int level = want >>> PatternSet.LEVEL_SHIFT & PatternSet.LEVEL_MASK;
        long here =
            switch (level) {
              case 0 -> node;
              case 1 -> first + child;
              default -> second + child;
            };
        if ((forest.header(here) & entries[2 * at]) != (want & PatternSet.HEADER_MASK)
            || forest.arityAt(here) < want >>> PatternSet.LEAST_ARITY_SHIFT) {
          return false;
        }
        if (level == 1) {
          second = forest.firstChildAt(here);
        }
      }
      return true;
    }

    private void take(int pattern, long node) {
      counts[2 * pattern]++;
      counts[2 * pattern + 1] += Words.mix64(node);
      if (next != null) {
        nodes.set(JAVA_INT_UNALIGNED, next[pattern]++ * Integer.BYTES, (int) node);
      }
    }

    Found found() {
      return new Found(
          counts,
          new long[] {seen * patterns.size(), looked, roots, children},
          new long[] {seen + SECTOR_BYTES * sectors});
    }
  }
}
