// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

/**
 * Symbols by Zipf's law with exponent 1.1, as tables of Walker's alias method ("An Efficient Method
 * for Generating Discrete Random Variables with General Distributions", ACM TOMS 1977): symbol s
 * has a probability that is proportional to {@code (s + 1)^-1.1}, up to 2^-44. Immutable.
 */
final class ZipfTable {
  private static final double EXPONENT = 1.1;
  private static final double SCALE = 0x1p32;

  private final int[] thresholds = new int[Forest.SYMBOLS];
  private final short[] aliases = new short[Forest.SYMBOLS];

  ZipfTable() {
    int symbols = Forest.SYMBOLS;
    double[] share = new double[symbols];
    double sum = 0;
    for (int s = 0; s < symbols; s++) {
      share[s] = StrictMath.pow(s + 1.0, -EXPONENT);
      sum += share[s];
    }
    for (int s = 0; s < symbols; s++) {
      share[s] *= symbols / sum;
      thresholds[s] = -1;
      aliases[s] = (short) s;
    }
    // Vose's way: those with too little are filled up by those with too much, the greatest first
    int[] poor = new int[symbols];
    int count = 0;
    int rich = 0;
    for (int s = 0; s < symbols; s++) {
      if (share[s] < 1) {
        poor[count++] = s;
      }
    }
    while (count > 0 && rich < symbols && share[rich] >= 1) {
      int filled = poor[--count];
      thresholds[filled] = (int) (long) (share[filled] * SCALE);
      aliases[filled] = (short) rich;
      share[rich] -= 1 - share[filled];
      if (share[rich] < 1) {
        poor[count++] = rich++;
      }
    }
  }

  /** Below which a column's own symbol is meant, unsigned. */
  int[] thresholds() {
    return thresholds.clone();
  }

  /** What else is meant. */
  short[] aliases() {
    return aliases.clone();
  }

  /** The symbol of a random word: column by its lowest 12 bits, threshold by its highest 32. */
  int symbol(long word) {
    int column = (int) word & Forest.SYMBOLS - 1;
    return Integer.compareUnsigned((int) (word >>> Integer.SIZE), thresholds[column]) < 0
        ? column
        : aliases[column];
  }
}
