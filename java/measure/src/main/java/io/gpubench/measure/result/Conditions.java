// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions a run measured.
 *
 * @param isolation {@link #WORKERS} when each repetition is a fresh process, {@link #IN_PROCESS}
 *     when everything shares one
 * @param repetitions processes for each planned run
 * @param orderSeed seed of the random order of the repetitions; null when they follow the plan
 * @param cpus processors to which the workers are bound, such as {@code 0-3,6}; null for all
 * @param coolDown what was waited for before each repetition, as it was asked for; null for nothing
 * @param overridden what would have been a reason not to measure, and was overridden, a line each
 * @param notes what else a reader should know, a line each
 * @param timeoutSeconds how long a worker may be silent while it prepares, verifies or measures, as
 *     it was asked for; null for the usual times
 * @param replayOf id of the run that this one repeats; null when it repeats none
 * @param faults that were put into the simulated device; null for none
 */
public record Conditions(
    String isolation,
    int repetitions,
    @Nullable Long orderSeed,
    @Nullable String cpus,
    @Nullable String coolDown,
    List<String> overridden,
    List<String> notes,
    @Nullable Double timeoutSeconds,
    @Nullable String replayOf,
    @Nullable Faults faults) {
  public static final String WORKERS = "workers";
  public static final String IN_PROCESS = "in-process";

  public Conditions {
    overridden = List.copyOf(overridden);
    notes = List.copyOf(notes);
  }
}
