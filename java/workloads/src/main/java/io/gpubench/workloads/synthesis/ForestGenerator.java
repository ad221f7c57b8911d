// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * The forests of a seed: the sizes of the trees are those of a {@link ForestShape}, the nodes of
 * each sample are its own. With the keys k1, k2 of a sample, the node with the index g in the whole
 * forest is made of w = word(k1, g) and v = word(k2, g), an engine on a device does the same:
 *
 * <pre>
 * symbol  c = w & 4095; c if (w >>> 32) < thresholds[c], else aliases[c]
 * kind    the first k with (w >>> 12 & 65535) < kindBounds[k] of: leaf, neg, add, sub, mul, min, max, if, call
 * arity   of a call (11 (w >>> 28 & 15)) >>> 4, of all others that of the kind
 * leaf    a literal if (v >>> 5 & 65535) < literalBound, else a variable
 * value   of a literal 0 if (v >>> 2 & 7) = 0, else (int) (v >>> 32) >> 8 (v & 3), signed
 * </pre>
 *
 * <p>so that a tree has as many nodes as its shape says: of a tree of n nodes let {@code made} be
 * the root and all children of nodes before this one, which is node i. Where made = n, it is a
 * leaf. Where it would be one, but i + 1 = made, it is a call of {@code min(n - made, 1 + (10 (w
 * >>> 28 & 15) >>> 4))} arguments. Where it would have more than n - made children, it is a call of
 * n - made arguments. Immutable; used by any thread.
 */
public final class ForestGenerator {
  /** Streams of the keys of a sample: what w and v are made of. */
  private static final int NODES = 1;

  private static final int VALUES = 2;

  /** What a kind's share is out of. */
  private static final int ALL = 1 << 16;

  /** Those that are chosen, behind the leaves, which are both LITERAL and VARIABLE. */
  private static final Kind[] INNER = {
    Kind.NEG, Kind.ADD, Kind.SUB, Kind.MUL, Kind.MIN, Kind.MAX, Kind.IF, Kind.CALL
  };

  /** Of the leaves and of INNER; in percent of the nodes that may choose. */
  private static final int[] PERCENT = {34, 8, 14, 8, 10, 5, 5, 8, 8};

  private static final ZipfTable SYMBOLS = new ZipfTable();

  private final ForestShape shape;
  private final long seed;
  private final int literalBound;
  private final int[] kindBounds = new int[PERCENT.length];

  /**
   * That of a seed.
   *
   * @param literals the share of the leaves that are literals, 0 .. 1
   */
  public ForestGenerator(ForestShape shape, long seed, double literals) {
    this.shape = shape;
    this.seed = seed;
    this.literalBound = (int) Math.rint(literals * ALL);
    int sum = 0;
    for (int k = 0; k < kindBounds.length; k++) {
      sum += PERCENT[k];
      kindBounds[k] = (int) ((long) sum * ALL / 100);
    }
  }

  public ForestShape shape() {
    return shape;
  }

  /** The keys of a sample: {k1, k2}. */
  public long[] keys(long sample) {
    var keys = new SampleKeys(seed);
    return new long[] {keys.of(sample, NODES), keys.of(sample, VALUES)};
  }

  /** Of the symbols, unsigned; {@link Forest#SYMBOLS} of them. */
  public int[] thresholds() {
    return SYMBOLS.thresholds();
  }

  /** Of the symbols; {@link Forest#SYMBOLS} of them. */
  public short[] aliases() {
    return SYMBOLS.aliases();
  }

  /** Of the kinds: leaf, neg, add, sub, mul, min, max, if, call. */
  public int[] kindBounds() {
    return kindBounds.clone();
  }

  /** 0 .. 65,536. */
  public int literalBound() {
    return literalBound;
  }

  /**
   * Makes the forest of a sample, on all processors.
   *
   * @param forest of the shape's nodes and trees; any thread may write it
   */
  public void fill(Forest forest, long sample) {
    long[] keys = keys(sample);
    IntStream.range(0, shape.trees())
        .parallel()
        .forEach(tree -> {
          int first = shape.start(tree);
          forest.setTreeStart(tree, first);
          fillTree(forest, first, keys, tree);
        });
    forest.setTreeStart(shape.trees(), shape.nodes());
  }

  /** A tree of the forest of a sample by itself, on the heap. */
  public Forest tree(long sample, int tree) {
    int nodes = shape.size(tree);
    Forest alone = Forest.allocate(bytes -> MemorySegment.ofArray(new byte[(int) bytes]), nodes, 1);
    alone.setTreeStart(1, nodes);
    fillTree(alone, 0, keys(sample), tree);
    return alone;
  }

  /** Makes a tree, whose root is to be at a place. */
  private void fillTree(Forest forest, long root, long[] keys, int tree) {
    int nodes = shape.size(tree);
    int made = 1;
    for (int i = 0; i < nodes; i++) {
      long index = (long) shape.start(tree) + i;
      long w = Words.word(keys[0], index);
      long v = Words.word(keys[1], index);
      int bits = (int) (w >>> 28) & 15;
      int left = nodes - made;
      Kind kind = left == 0 ? leaf(v) : kind((int) (w >>> 12) & ALL - 1, v);
      int arity = kind == Kind.CALL ? (11 * bits) >>> 4 : kind.arity();
      if (left > 0 && arity == 0 && i + 1 == made) {
        kind = Kind.CALL;
        arity = Math.min(left, 1 + ((10 * bits) >>> 4));
      } else if (arity > left) {
        kind = Kind.CALL;
        arity = left;
      }
      forest.set(root + i, kind, arity, SYMBOLS.symbol(w), root + made, value(v));
      made += arity;
    }
  }

  private Kind kind(int choice, long v) {
    if (choice < kindBounds[0]) {
      return leaf(v);
    }
    int k = 1;
    while (choice >= kindBounds[k]) {
      k++;
    }
    return INNER[k - 1];
  }

  private Kind leaf(long v) {
    return ((int) (v >>> 5) & ALL - 1) < literalBound ? Kind.LITERAL : Kind.VARIABLE;
  }

  private static int value(long v) {
    return (v >>> 2 & 7) == 0 ? 0 : (int) (v >>> Integer.SIZE) >> (8 * ((int) v & 3));
  }
}
