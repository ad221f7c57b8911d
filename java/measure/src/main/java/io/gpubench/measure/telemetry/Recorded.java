// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import java.util.List;

/**
 * What a recorder noted since it was asked before.
 *
 * @param columns the sensors, the same each time; none before they are open
 * @param polls as many cells a poll as columns
 */
public record Recorded(List<Column> columns, Polls polls) {
  public Recorded {
    columns = List.copyOf(columns);
    if (columns.size() != polls.sensors()) {
      throw new IllegalArgumentException(
          "%d columns and %d cells".formatted(columns.size(), polls.sensors()));
    }
  }
}
