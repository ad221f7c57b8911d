// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.verify.Finding;
import io.gpubench.measure.verify.Flaw;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What speaks against a run that is going to be repeated, a line each. It is repeated anyway. */
final class OriginalNotes {
  private OriginalNotes() {}

  /**
   * Verifies it.
   *
   * @param directory of the run
   */
  static List<String> of(Installation installation, Path directory, RunDocument original) {
    var notes = new ArrayList<String>();
    verify(installation, directory).stream()
        .findFirst()
        .map(OriginalNotes::note)
        .ifPresent(notes::add);
    List<String> overridden = original.conditions().overridden();
    if (!overridden.isEmpty()) {
      notes.add("the original was measured although " + String.join("; ", overridden));
    }
    return notes;
  }

  private static List<Finding> verify(Installation installation, Path directory) {
    try {
      return installation.verifier(Set.of()).verify(directory).findings();
    } catch (ResultFormatException e) {
      return List.of(
          new Finding(Flaw.SCHEMA, directory.toString(), String.valueOf(e.getMessage())));
    }
  }

  private static String note(Finding first) {
    return first.flaw() == Flaw.UNSEALED
        ? "the original is not sealed: whether it is as it was measured is not known"
        : "the original does not verify: %s, %s; gpubench verify says more"
            .formatted(first.flaw().word(), first.subject());
  }
}
