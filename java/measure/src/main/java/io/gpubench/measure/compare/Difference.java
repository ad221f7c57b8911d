// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

/**
 * What is not the same on two sides.
 *
 * @param subject of which configuration; empty for all of them
 * @param what such as {@code processors model}
 * @param a of the first side; {@code unknown} where it does not say
 * @param b of the second side
 */
public record Difference(Kind kind, String subject, String what, String a, String b) {
  /** What kind of thing differs. */
  public enum Kind {
    MACHINE("machine", true),
    TOOL("tool", true),
    PARAMETERS("parameters", true),
    CLOCK("clock", true),
    CACHE("cache", true),
    SYNTHETIC("synthetic", true),
    /** A parameter that a side was told to have: that is what is to be compared. */
    CHOSEN("chosen", false),
    /** Who does the work and how: that may well be what is to be compared. */
    ENGINE("engine", false),
    /** Of what source it was built: likewise. */
    COMMIT("commit", false),
    CONDITIONS("conditions", false);

    private final String word;
    private final boolean unlike;

    Kind(String word, boolean unlike) {
      this.word = word;
      this.unlike = unlike;
    }

    public String word() {
      return word;
    }

    /** Whether times that differ in it are not comparable, unless somebody knows better. */
    public boolean unlike() {
      return unlike;
    }
  }

  /** The same of another configuration, or of none. */
  public Difference withSubject(String other) {
    return new Difference(kind, other, what, a, b);
  }

  /** {@code machine: processors model: AMD EPYC | Intel Xeon}. */
  @Override
  public String toString() {
    return "%s: %s%s: %s | %s"
        .formatted(kind.word(), subject.isEmpty() ? "" : subject + ": ", what, a, b);
  }
}
