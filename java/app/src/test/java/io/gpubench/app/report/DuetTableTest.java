// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.stats.DuetSummary;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuetTableTest {
  /** The note on samples of so many units, where B takes twice as long as A. */
  private static String note(double unitsOfA, double unitsOfB) {
    var metric = new DuetSummary.Metric(1e6, 2e6, 2, 1.9, 2.1, 0.95, 0.01, 0.02);
    return DuetTable.work(
        new DuetSummary(8, metric, metric),
        RunFixture.timed("cuda", "streamed", Map.of(), unitsOfA, 1e6),
        RunFixture.timed("cuda", "resident", Map.of(), unitsOfB, 2e6));
  }

  @Test
  void timesOfUnequalWorkAreRelatedToIt() {
    assertEquals(
        "* a sample of A is 1,000 messages and one of B 4,000: for as many, B/A of the median is 0.500\n",
        note(1_000, 4_000));
    assertEquals(
        "* a sample of A is 4,000 messages and one of B 1,000: for as many, B/A of the median is 8.000\n",
        note(4_000, 1_000));
  }

  /** Rounds in rotation have not all as many messages. */
  @Test
  void workThatDiffersByChanceIsTheSame() {
    assertEquals("", note(1_000, 1_000));
    assertEquals("", note(1_000, 1_040));
    assertEquals("", note(1_040, 1_000));
  }
}
