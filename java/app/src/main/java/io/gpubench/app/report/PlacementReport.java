// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Faults;
import io.gpubench.measure.result.RunDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which path moves which pages fastest between which tiers of memory, and up to which size in a
 * given time, as stored runs have measured it; for a person or, as JSON, for a program.
 *
 * @param schema {@value #SCHEMA}
 * @param limitNanos the limit of {@code crossings}, in nanoseconds
 * @param runs in the order in which they were given
 * @param placements directions in the order of the runs, each by the bytes that move
 * @param crossings likewise
 */
public record PlacementReport(
    String schema,
    long limitNanos,
    List<Run> runs,
    List<Placement> placements,
    List<Crossing> crossings) {
  private static final String SCHEMA = "gpubench.placement/1";

  /**
   * A run that was read.
   *
   * @param directory as it was given, or found
   * @param startedAt UTC, ISO 8601
   * @param status {@code complete}, or {@code interrupted} or {@code failed} where a part is
   *     missing
   * @param inProcess whether one process measured everything, so that nothing is known of how
   *     processes differ
   * @param faults the name of the script of faults under which it measured; null for none
   */
  public record Run(
      String id,
      String directory,
      String suite,
      String profile,
      String startedAt,
      String status,
      boolean inProcess,
      @Nullable String faults) {}

  /** A run whose files were verified. */
  public record Verified(String directory, RunDocument document) {}

  /**
   * What runs say.
   *
   * @param runs that verify
   * @param limit of time, of migrations
   * @param left says of an engine which paths were left out
   */
  public static PlacementReport of(List<Verified> runs, Duration limit, LeftPaths left) {
    var placements = new ArrayList<Placement>();
    var crossings = new ArrayList<Crossing>();
    for (Verified run : runs) {
      placements.addAll(Placements.of(run.document, left));
      crossings.addAll(Crossing.of(run.document, limit.toNanos()));
    }
    return new PlacementReport(
        SCHEMA,
        limit.toNanos(),
        runs.stream().map(PlacementReport::run).toList(),
        List.copyOf(placements),
        List.copyOf(crossings));
  }

  private static Run run(Verified verified) {
    RunDocument run = verified.document;
    Faults faults = run.conditions().faults();
    return new Run(
        run.id(),
        verified.directory,
        run.suite(),
        run.profile(),
        run.startedAt(),
        run.status(),
        run.conditions().isolation().equals(Conditions.IN_PROCESS),
        faults == null ? null : faults.name());
  }

  /** Whether a run has anything to say of migrations. */
  public static boolean hasMigrations(RunDocument run) {
    return run.records().stream().anyMatch(record -> PageMove.of(record) != null);
  }

  /** As tables. */
  public String text() {
    return PlacementText.of(this);
  }

  /** One row for each placement. */
  public String csv() {
    return PlacementCsv.of(placements);
  }
}
