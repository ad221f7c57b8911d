// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Faults that a script put into the simulated device of a run, so that nobody takes it for an
 * ordinary one.
 *
 * @param name of the script's file, without the extension
 * @param sha256 of that file, 64 lower-case hexadecimal digits
 * @param process the only process of each planned run that has them, counted from 1; null when each
 *     has
 * @param rules at least one, a line each, in the words of {@code configs/faults/README.md}
 */
public record Faults(String name, String sha256, @Nullable Integer process, List<String> rules) {
  public Faults {
    rules = List.copyOf(rules);
  }

  /** One line for a person: the name, the rules, and where they hold. */
  public String summary() {
    return Printable.line(
        "%s (%s)%s"
            .formatted(
                name,
                String.join("; ", rules),
                process == null ? "" : " in process " + process + " of each run"));
  }
}
