// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.app.report.TextTable.Align;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAligned() {
    var table =
        new TextTable()
            .column("name", Align.LEFT)
            .column("n", Align.RIGHT)
            .column("note", Align.LEFT)
            .row(List.of("a", "1,000", ""))
            .row(List.of("longer", "7", "µ…"));
    assertEquals(
        """
        name        n  note
        a       1,000
        longer      7  µ…
        """,
        table.toString());
  }

  @Test
  void titlesAloneAreATable() {
    assertEquals("a  b\n", new TextTable().column("a", Align.LEFT).column("b", Align.LEFT) + "");
    assertEquals("", new TextTable().toString());
  }

  @Test
  void aRowOfAnotherWidthIsABug() {
    var table = new TextTable().column("a", Align.LEFT);
    assertThrows(IllegalStateException.class, () -> table.row(List.of("1", "2")));
    table.row(List.of("1"));
    assertThrows(IllegalStateException.class, () -> table.column("b", Align.LEFT));
  }
}
