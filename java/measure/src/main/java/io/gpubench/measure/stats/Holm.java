// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Holm's step-down correction for several tests at once, whatever their dependence (S. Holm, "A
 * Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6(2),
 * 1979): rejecting what is adjusted to at most α errs at all with a probability of at most α.
 */
public final class Holm {
  private Holm() {}

  /**
   * The adjusted probabilities, in the order given: of m, the k-th smallest times m - k + 1, at
   * least as large as those before it and at most 1.
   *
   * @param probabilities each in 0 .. 1; none gives none; left as they are
   * @throws IllegalArgumentException when one is out of range or no number
   */
  public static double[] adjust(double[] probabilities) {
    for (double probability : probabilities) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            "the probability " + probability + " cannot be adjusted");
      }
    }
    int count = probabilities.length;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> probabilities[i]));
    double[] adjusted = new double[count];
    double largest = 0;
    for (int k = 0; k < count; k++) {
      largest = Math.max(largest, Math.min(1, (count - k) * probabilities[order[k]]));
      adjusted[order[k]] = largest;
    }
    return adjusted;
  }
}
