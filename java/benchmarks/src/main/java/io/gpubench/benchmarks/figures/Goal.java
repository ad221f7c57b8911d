// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;

/**
 * What a figure has to reach.
 *
 * @param text as the table shows it
 * @param least below it the goal is missed, in the unit of the reading
 * @param most above it the goal is missed
 */
record Goal(String text, double least, double most) {
  static Goal atMost(double most, String text) {
    return new Goal("at most " + text, Double.NEGATIVE_INFINITY, most);
  }

  static Goal atLeast(double least, String text) {
    return new Goal("at least " + text, least, Double.POSITIVE_INFINITY);
  }

  /** A floor, or whatever else there is to compare with; nothing that can be missed. */
  static Goal none(String text) {
    return new Goal(text, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /**
   * Whether a reading reaches it: its median decides, and where the spread holds the bound, the
   * words say that another day may decide otherwise. Empty where there is no bound.
   */
  String verdict(Reading reading) {
    if (Double.isInfinite(least) && Double.isInfinite(most)) {
      return "";
    }
    boolean holds = least <= reading.median() && reading.median() <= most;
    boolean sure = within(reading.lower()) == holds && within(reading.upper()) == holds;
    return (holds ? "holds" : "missed") + (sure ? "" : ", narrowly");
  }

  private boolean within(double value) {
    return least <= value && value <= most;
  }
}
