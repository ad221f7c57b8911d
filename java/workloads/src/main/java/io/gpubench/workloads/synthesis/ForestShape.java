// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.workloads.random.Philox;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.util.Arrays;

/**
 * How many trees of which sizes a forest has: the same for all samples of a seed. Tree t has {@code
 * floor(4 * (1025 / 4)^u)} nodes, 4 .. 1,024 on a logarithmic scale, where u in [0, 1) is made of
 * word t of the key; the last one has what is left. Immutable.
 */
public final class ForestShape {
  static final int LEAST_NODES_OF_TREE = 4;

  /** Stream of the key of sample 0. */
  private static final int STREAM = 0;

  private final int[] starts;

  private ForestShape(int[] starts) {
    this.starts = starts;
  }

  /**
   * The shape of all forests of a seed.
   *
   * @param nodes 1 .. {@link Forest#MOST_NODES}
   */
  public static ForestShape of(long nodes, long seed) {
    long key = new SampleKeys(seed).of(0, STREAM);
    int[] starts = new int[(int) Math.min(nodes, 16 + nodes / 128)];
    int trees = 0;
    for (long at = 0; at < nodes; trees++) {
      if (trees + 1 >= starts.length) {
        starts = Arrays.copyOf(starts, 2 * starts.length + 2);
      }
      starts[trees] = (int) at;
      at += Math.min(nodes - at, size(Words.word(key, trees)));
    }
    starts = Arrays.copyOf(starts, trees + 1);
    starts[trees] = (int) nodes;
    return new ForestShape(starts);
  }

  private static int size(long word) {
    double ratio = (Forest.MOST_NODES_OF_TREE + 1.0) / LEAST_NODES_OF_TREE;
    return (int) (LEAST_NODES_OF_TREE * StrictMath.pow(ratio, Philox.unit(word)));
  }

  /** At least 1. */
  public int trees() {
    return starts.length - 1;
  }

  public long nodes() {
    return starts[trees()];
  }

  /** The first node of a tree; the number of nodes for the one behind the last. */
  public int start(int tree) {
    return starts[tree];
  }

  /** How many nodes a tree has, 1 .. 1,024. */
  public int size(int tree) {
    return starts[tree + 1] - starts[tree];
  }
}
