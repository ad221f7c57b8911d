// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import java.nio.file.Path;
import java.util.List;

/**
 * What a gate came to.
 *
 * @param mode how it was judged
 * @param baseline with what it was compared, in a few words
 * @param cases in the order in which they were planned; none where there was nothing to judge
 * @param notes what a reader should know, its limits among them, a line each
 * @param evidence run directories, in the order of time
 * @param interrupted whether somebody ended it
 * @param seconds that it took, 0 or more
 */
public record GateResult(
    Mode mode,
    String baseline,
    List<GateCase> cases,
    List<String> notes,
    List<Path> evidence,
    boolean interrupted,
    double seconds) {
  public GateResult {
    cases = List.copyOf(cases);
    notes = List.copyOf(notes);
    evidence = List.copyOf(evidence);
  }

  /** How it was judged. */
  public enum Mode {
    /** By duets against another version. */
    LIVE("live"),
    /** Against what was measured before. */
    RECORDED("recorded"),
    /** Not at all: there is no baseline. */
    ABSENT("absent"),
    /** Not at all: a baseline was measured and kept. */
    KEPT("kept");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
