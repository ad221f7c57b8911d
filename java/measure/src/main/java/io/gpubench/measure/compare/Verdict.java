// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import org.jspecify.annotations.Nullable;

/** What is said of two sides, A and B, in one metric, which is a time. */
public sealed interface Verdict {
  /** The one word for it. */
  String word();

  /** Why nothing else is said; null where something is. */
  default @Nullable String reason() {
    return null;
  }

  /** B differs from A by less than the tolerance. */
  record Same() implements Verdict {
    @Override
    public String word() {
      return "Same";
    }
  }

  /**
   * B differs from A by at least the tolerance.
   *
   * @param ratio the estimate of B/A, more than 0 and not 1: above 1, B is slower
   */
  record Changed(double ratio) implements Verdict {
    public Changed {
      if (!(ratio > 0) || ratio == 1 || Double.isInfinite(ratio)) {
        throw new IllegalArgumentException("changed by the factor " + ratio);
      }
    }

    /** Whether B takes longer than A. */
    public boolean slower() {
      return ratio > 1;
    }

    @Override
    public String word() {
      return "Changed";
    }
  }

  /**
   * It cannot be told.
   *
   * @param reason why, in one line
   */
  record Inconclusive(String reason) implements Verdict {
    @Override
    public String word() {
      return "Inconclusive";
    }
  }
}
