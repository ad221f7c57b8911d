// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ceilings to which a run relates its records.
 *
 * @param mode as it was asked for: {@code auto}, {@code refresh} or {@code off}
 * @param used those that its records demand, as far as they are known
 * @param notes why others are not, and what was measured in this run, a line each
 */
public record RunCeilings(String mode, List<Used> used, List<String> notes) {
  /** Prefix of the ids of all workloads that measure a ceiling. */
  public static final String PREFIX = "ceiling.";

  public RunCeilings {
    used = List.copyOf(used);
    notes = List.copyOf(notes);
  }

  /**
   * A ceiling of a piece of hardware.
   *
   * @param hardware {@code processors}, or a device's own unique name
   * @param ceiling as it was measured last
   * @param measuredNow why it was measured in this run, in a few words; null when it was kept from
   *     before
   */
  public record Used(String hardware, MeasuredCeiling ceiling, @Nullable String measuredNow) {}
}
