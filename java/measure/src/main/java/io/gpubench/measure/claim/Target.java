// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

/**
 * What a claim promises.
 *
 * @param value in the base unit of the metric's dimension; of a relative claim, the ratio to the
 *     baseline
 * @param direction on which side of the value the metric has to be
 * @param relative whether it is a ratio to a baseline
 * @param text in the words in which it was written: {@code at most 100 us}, {@code at least 35 %
 *     below the baseline}
 */
public record Target(double value, Direction direction, boolean relative, String text) {
  /** The side on which a promise is kept; the value itself is on it. */
  public enum Direction {
    AT_MOST("at most", "atMost"),
    AT_LEAST("at least", "atLeast");

    private final String phrase;
    private final String word;

    Direction(String phrase, String word) {
      this.phrase = phrase;
      this.word = word;
    }

    /** For people. */
    public String phrase() {
      return phrase;
    }

    /** As in a file of claims. */
    public String word() {
      return word;
    }
  }

  /** Whether a number that lies between the bounds is surely on the right side. */
  boolean keptBy(double lower, double upper) {
    return direction == Direction.AT_MOST ? upper <= value : lower >= value;
  }

  /** Whether it surely is on the wrong side. */
  boolean brokenBy(double lower, double upper) {
    return direction == Direction.AT_MOST ? lower > value : upper < value;
  }
}
