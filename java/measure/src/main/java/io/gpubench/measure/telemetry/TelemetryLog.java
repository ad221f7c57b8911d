// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.EngineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was recorded of one process, piece by piece. Used by the thread that measures. */
public final class TelemetryLog {
  private List<Column> columns = List.of();
  private Polls polls = new Polls(0);

  /** Adds what was recorded since the last time; nothing for null. */
  public void add(@Nullable Recorded more) {
    if (more == null || more.columns().isEmpty()) {
      return;
    }
    if (columns.isEmpty()) {
      columns = more.columns();
      polls = new Polls(columns.size());
    }
    if (more.columns().size() != columns.size()) {
      throw new EngineException(
          "it has %d sensors, and had %d before".formatted(more.columns().size(), columns.size()));
    }
    columns = more.columns(); // how often they are asked may have changed
    polls.addAll(more.polls());
  }

  /**
   * All of it, with gaps in place of sensors that cannot be believed and times from the first
   * sample that was kept, or from the first poll; null where there are no sensors. To be called
   * once.
   *
   * @param origin when the first of them began; null where none was kept
   */
  public @Nullable Recorded finish(@Nullable Long origin) {
    if (polls.count() == 0) {
      return null;
    }
    Conclusions.discreditFrozen(columns, polls);
    polls.countFrom(origin == null ? polls.atNanos(0) : origin);
    return new Recorded(columns, polls);
  }
}
