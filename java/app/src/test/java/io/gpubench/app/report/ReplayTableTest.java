// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.ResultRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTableTest {
  private static final List<ResultRecord> AWKWARD = RunFixture.awkward().records();

  @Test
  void everyKindOfRecordHasItsLine() {
    List<ResultRecord> before = new ArrayList<>(AWKWARD);
    before.removeLast();
    assertEquals(
        """
        medians of 20261121T035622Z-default-3f9a1c and of its replay
        record      original   95 % interval  replay   95 % interval  ratio
        a       us     14.04  14.03 .. 14.04   14.04  14.03 .. 14.04  1.000
        b       ms     1.000            none   1.000            none  1.000
        c                  -               -       -               -      -
        d       us     14.04  14.03 .. 14.04   14.04  14.03 .. 14.04  1.000
        e                  -               -       -               -      -
        f                  -               -       -               -      -
        * b: both: under-sampled
        * c: both: Incorrect: word 3 is 7
        * d: both: Rejected: implausible
        * e: both: Failed: the device is lost
        * f: original: not measured
        * f: replay: Skipped: stopped
        none: too few processes or samples for an interval
        ratio: replay / original. Two runs differ by what the machine did meanwhile, which their intervals do
        not cover: 'gpubench duet' compares despite that
        """,
        ReplayTable.of(RunFixture.document("interrupted", before), RunFixture.awkward()));
  }

  @Test
  void whatIsPlannedAndWasNotMeasuredEitherTimeIsShownToo() {
    String table =
        ReplayTable.of(
            RunFixture.document("interrupted", List.of()),
            RunFixture.document("complete", AWKWARD.subList(0, 1)));
    assertTrue(table.contains("\na       us         -"), table);
    assertTrue(table.contains("\n* a: original: not measured\n"), table);
  }
}
