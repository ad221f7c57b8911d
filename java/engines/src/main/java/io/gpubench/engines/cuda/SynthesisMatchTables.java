// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.cuda.SynthesisMatchTuning.Variant;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.Kind;
import io.gpubench.workloads.synthesis.PatternSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The patterns of a set as a variant of the kernels looks them up; synthesis_tables.cuh has the
 * layout. Immutable but for its arrays, which nobody changes.
 *
 * @param words what the kernels call tables, a multiple of four words
 * @param order which pattern has a slot
 * @param filter for each symbol which kinds and arities, odd or even, some pattern may ask for
 * @param directory for each symbol which kinds patterns ask for with it, and where they are
 */
@SuppressWarnings("ArrayRecordComponent") // read by one owner, which uploads them
record SynthesisMatchTables(int[] words, int[] order, int[] filter, int[] directory) {
  /** Patterns of a word. */
  private static final int TOGETHER = 32;

  private static final int KINDS = Kind.values().length;
  private static final int ARITIES = Kind.MOST_ARGUMENTS + 1;
  private static final int KIND_MASK = Forest.header(15, 0, 0);
  private static final int ARITY_MASK = Forest.header(0, 15, 0);
  private static final int SYMBOL_MASK = Forest.header(0, 0, Forest.SYMBOLS - 1);
  private static final int ARITY_SHIFT = 4;
  private static final int SYMBOL_SHIFT = 8;

  /** Where tables begin, behind the places of all of them, in words. */
  private static final int PLACES = 20;

  // words of Places
  private static final int EVERYWHERE = 0;
  private static final int OF_KIND = 1;
  private static final int BUCKETS = 11;
  private static final int GROUPS = 12;
  private static final int ROOTS = 13;
  private static final int BY_LOW = 14;
  private static final int BY_SYMBOL = 15;
  private static final int RESIDUAL_STARTS = 16;
  private static final int RESIDUALS = 17;
  private static final int MERGED = 18;

  /** Slots that an entry of a pair tells apart. */
  private static final int MOST_SLOTS = 1 << 13;

  private static final int GROUP_WORDS = 4;

  /** Children whose kinds are looked up. */
  private static final int MOST_CHILDREN = 4;

  // of a residual
  private static final int FIRST_LEVEL_SHIFT = 20;
  private static final int SECOND_LEVEL_SHIFT = 24;
  private static final int LEVEL_SHIFT = 28;
  private static final int LEAST_SHIFT = 20;

  /** Those of a set for a variant. */
  static SynthesisMatchTables of(PatternSet patterns, Variant variant) {
    return new Builder(patterns, variant).build();
  }

  /** A node of a pattern. */
  private record Entry(int mask, int want, int level, int child, int parentsChild, int least) {
    boolean wildcard() {
      return mask == 0;
    }
  }

  private static final class Builder {
    private final Variant variant;
    private final List<List<Entry>> patterns = new ArrayList<>();
    private final List<Integer> words = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private final int[] filter = new int[Forest.SYMBOLS];
    private final int[] directory = new int[Forest.SYMBOLS];

    /** Four words for each. */
    private final List<int[]> groups = new ArrayList<>();

    Builder(PatternSet set, Variant variant) {
      this.variant = variant;
      int[] starts = set.starts();
      int[] entries = set.entries();
      for (int p = 0; p < set.size(); p++) {
        var nodes = new ArrayList<Entry>();
        int parent = 0;
        for (int i = starts[p]; i < starts[p + 1]; i++) {
          int want = entries[2 * i + 1];
          int level = want >>> PatternSet.LEVEL_SHIFT & PatternSet.LEVEL_MASK;
          int child = want >>> PatternSet.CHILD_SHIFT & PatternSet.CHILD_MASK;
          parent = level == 1 ? child : parent;
          nodes.add(
              new Entry(
                  entries[2 * i],
                  want & PatternSet.HEADER_MASK,
                  level,
                  child,
                  parent,
                  want >>> PatternSet.LEAST_ARITY_SHIFT));
        }
        patterns.add(nodes);
      }
    }

    SynthesisMatchTables build() {
      for (int i = 0; i < PLACES; i++) {
        words.add(0);
      }
      if (variant.grouped()) {
        group();
      } else {
        for (int p = 0; p < patterns.size(); p++) {
          order.add(p);
        }
        if (variant == Variant.BRUTE) {
          roots();
        } else {
          masks();
        }
      }
      residuals();
      align(GROUP_WORDS);
      return new SynthesisMatchTables(array(words), array(order), filter, directory);
    }

    private static int[] array(List<Integer> list) {
      return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private void align(int to) {
      while (words.size() % to != 0) {
        words.add(0);
      }
    }

    /** Says where the table begins that comes now. */
    private void begins(int place) {
      words.set(place, words.size());
    }

    private Entry root(int pattern) {
      return patterns.get(pattern).getFirst();
    }

    private void roots() {
      align(2);
      begins(ROOTS);
      for (int p = 0; p < patterns.size(); p++) {
        words.add(root(p).mask());
        words.add(root(p).want());
      }
    }

    private void masks() {
      begins(BY_LOW);
      for (int first = 0; first < patterns.size(); first += TOGETHER) {
        for (int low = 0; low <= (KIND_MASK | ARITY_MASK); low++) {
          words.add(agreeing(first, KIND_MASK | ARITY_MASK, low));
        }
      }
      begins(BY_SYMBOL);
      for (int first = 0; first < patterns.size(); first += TOGETHER) {
        for (int symbol = 0; symbol < Forest.SYMBOLS; symbol++) {
          words.add(agreeing(first, SYMBOL_MASK, symbol << SYMBOL_SHIFT));
        }
      }
    }

    /** Which of 32 patterns have a root that agrees with a header, as far as these bits go. */
    private int agreeing(int first, int bits, int header) {
      int word = 0;
      for (int p = first; p < Math.min(patterns.size(), first + TOGETHER); p++) {
        Entry root = root(p);
        word |= ((header ^ root.want()) & root.mask() & bits) == 0 ? 1 << (p - first) : 0;
      }
      return word;
    }

    // ---- groups

    private void group() {
      var everywhere = new ArrayList<Integer>();
      var ofKind = new ArrayList<List<Integer>>();
      for (int kind = 0; kind < KINDS; kind++) {
        ofKind.add(new ArrayList<>());
      }
      var ofBoth = new TreeMap<Integer, List<Integer>>(); // by symbol, then kind
      for (int p = 0; p < patterns.size(); p++) {
        Entry root = root(p);
        int kind = root.want() & KIND_MASK;
        if (root.wildcard()) {
          everywhere.add(p);
        } else if ((root.mask() & SYMBOL_MASK) == 0) {
          ofKind.get(kind).add(p);
        } else {
          int symbol = root.want() >>> SYMBOL_SHIFT;
          ofBoth.computeIfAbsent(symbol * KINDS + kind, _ -> new ArrayList<>()).add(p);
        }
        allow(root, kind);
      }
      words.set(EVERYWHERE, groups(everywhere));
      for (int kind = 0; kind < KINDS; kind++) {
        words.set(OF_KIND + kind, groups(ofKind.get(kind)));
      }
      int merged = order.size();
      for (var entry : ofBoth.entrySet()) {
        merged += entry.getValue().size() + ofKind.get(entry.getKey() % KINDS).size();
      }
      if (merged <= MOST_SLOTS) {
        // so that a node has one row of groups
        words.set(MERGED, 1);
        ofBoth.forEach((key, list) -> list.addAll(ofKind.get(key % KINDS)));
      }
      begins(BUCKETS);
      int bucket = 0;
      for (var entry : ofBoth.entrySet()) {
        int symbol = entry.getKey() / KINDS;
        if (directory[symbol] == 0) {
          directory[symbol] = bucket << Short.SIZE;
        }
        directory[symbol] |= 1 << entry.getKey() % KINDS;
        words.add(groups(entry.getValue()));
        bucket++;
      }
      align(GROUP_WORDS);
      begins(GROUPS);
      int tables = words.size() + GROUP_WORDS * groups.size();
      var rows = new ArrayList<Integer>();
      for (int i = 0; i < groups.size(); i++) {
        int[] group = groups.get(i);
        group[1] = tables + rows.size();
        rows(group, i + 1 < groups.size() ? groups.get(i + 1)[0] : order.size(), rows);
        for (int word : group) {
          words.add(word);
        }
      }
      words.addAll(rows);
    }

    /** Lets nodes through that may agree with a root: by kind and odd or even arity. */
    private void allow(Entry root, int kind) {
      int arity = root.want() >>> ARITY_SHIFT & 15;
      for (int odd = 0; odd < 2; odd++) {
        if ((root.mask() & ARITY_MASK) != 0 && arity % 2 != odd) {
          continue;
        }
        int bits = root.wildcard() ? -1 : 1 << (Integer.SIZE - 1 - (kind | odd << ARITY_SHIFT));
        if ((root.mask() & SYMBOL_MASK) == 0) {
          for (int symbol = 0; symbol < filter.length; symbol++) {
            filter[symbol] |= bits;
          }
        } else {
          filter[root.want() >>> SYMBOL_SHIFT] |= bits;
        }
      }
    }

    /** Makes groups of patterns; returns where these are. */
    private int groups(List<Integer> of) {
      int first = groups.size();
      for (int i = 0; i < of.size(); i += TOGETHER) {
        groups.add(new int[] {order.size() + i, 0, 0, 0});
      }
      order.addAll(of);
      int count = groups.size() - first;
      return count == 0 ? 0 : first | count << Short.SIZE;
    }

    private List<Entry> slot(int slot) {
      return patterns.get(order.get(slot));
    }

    /** Adds the words of a group by arity and by kinds of children. */
    private void rows(int[] group, int end, List<Integer> rows) {
      int children = 0;
      for (int slot = group[0]; slot < end; slot++) {
        for (Entry entry : slot(slot)) {
          if (lookedUp(entry)) {
            children = Math.max(children, entry.child() + 1);
          }
        }
        group[3] |= residuals(slot(slot)).isEmpty() ? 1 << (slot - group[0]) : 0;
      }
      for (int arity = 0; arity < ARITIES; arity++) {
        int word = 0;
        for (int slot = group[0]; slot < end; slot++) {
          word |= allows(slot(slot).getFirst(), arity) ? 1 << (slot - group[0]) : 0;
        }
        rows.add(word);
      }
      if (variant != Variant.KINDS) {
        return;
      }
      group[2] = children;
      for (int child = 0; child < children; child++) {
        for (int kind = 0; kind < KINDS; kind++) {
          int word = 0;
          for (int slot = group[0]; slot < end; slot++) {
            word |= allows(slot(slot), child, kind) ? 1 << (slot - group[0]) : 0;
          }
          rows.add(word);
        }
      }
    }

    private boolean allows(Entry root, int arity) {
      return ((arity << ARITY_SHIFT ^ root.want()) & root.mask() & ARITY_MASK) == 0
          && (variant != Variant.KINDS || arity >= root.least());
    }

    /** Whether the kind that a node of a pattern asks for has words of its own. */
    private static boolean lookedUp(Entry entry) {
      return entry.level() == 1 && entry.child() < MOST_CHILDREN && !entry.wildcard();
    }

    private static boolean allows(List<Entry> pattern, int child, int kind) {
      return pattern.stream()
          .filter(entry -> lookedUp(entry) && entry.child() == child)
          .allMatch(entry -> (entry.want() & KIND_MASK) == kind);
    }

    // ---- what is left

    private void residuals() {
      begins(RESIDUAL_STARTS);
      var rest = new ArrayList<Integer>();
      for (List<Entry> pattern : patterns) {
        words.add(rest.size() / 2);
        rest.addAll(residuals(pattern));
      }
      words.add(rest.size() / 2);
      align(2);
      begins(RESIDUALS);
      words.addAll(rest);
    }

    /** Of a pattern, two words for each. */
    private List<Integer> residuals(List<Entry> pattern) {
      var rest = new ArrayList<Integer>();
      for (Entry entry : pattern) {
        int mask = entry.mask();
        int least = (mask & ARITY_MASK) != 0 ? 0 : entry.least();
        if (entry.level() == 0) {
          mask = 0;
          least = variant == Variant.KINDS ? 0 : least;
        } else if (variant == Variant.KINDS && lookedUp(entry)) {
          mask &= ~KIND_MASK;
        }
        if (mask != 0 || least != 0) {
          boolean deep = entry.level() == 2;
          rest.add(
              mask
                  | (deep ? entry.parentsChild() : entry.child()) << FIRST_LEVEL_SHIFT
                  | (deep ? entry.child() : 0) << SECOND_LEVEL_SHIFT
                  | entry.level() << LEVEL_SHIFT);
          rest.add(entry.want() | least << LEAST_SHIFT);
        }
      }
      return rest;
    }
  }
}
