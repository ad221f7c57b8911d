// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

/** Something that is not as it should be; ends the check that found it. */
final class Flaw extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String section;
  private final Weight weight;

  /** What follows from it. */
  enum Weight {
    /** This check failed. */
    USUAL,
    /** This check failed since an answer is wrong. */
    WRONG_ANSWER,
    /** This check failed, and the process is of no more use. */
    LOST
  }

  /**
   * @param what is wrong
   * @param expected what should have been
   * @param section of the page that says so
   */
  Flaw(String what, String expected, String section, Weight weight) {
    super(what);
    this.expected = expected;
    this.section = section;
    this.weight = weight;
  }

  Flaw(String what, String expected, String section) {
    this(what, expected, section, Weight.USUAL);
  }

  String what() {
    return String.valueOf(getMessage());
  }

  String expected() {
    return expected;
  }

  String section() {
    return section;
  }

  Weight weight() {
    return weight;
  }
}
