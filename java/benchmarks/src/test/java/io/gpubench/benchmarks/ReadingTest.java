// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadingTest {
  @Test
  void sixNumbersHaveAnInterval() {
    assertEquals(
        new Reading(3.5, 1, 6, 0, "ns"), Reading.of(new double[] {6, 1, 5, 2, 4, 3}, "ns"));
  }

  @Test
  void fewerHaveTheirRange() {
    assertEquals(new Reading(2, 1, 9, 3, "s"), Reading.of(new double[] {9, 1, 2}, "s"));
    assertEquals("2.000 s (1.000 .. 9.000, all 3)", Reading.of(new double[] {9, 1, 2}, "s") + "");
    assertEquals("27.30 MiB", Reading.of(27.3, "MiB").toString());
    assertEquals("0 bytes", Reading.of(0, "bytes").toString());
  }

  @Test
  void aRateTurnsTheBoundsRound() {
    assertEquals(new Reading(0.5, 0.25, 1, 0, "/s"), new Reading(2, 1, 4, 0, "s").under(1, "/s"));
  }

  @Test
  void whatIsPrintedIsRead() {
    for (Reading reading :
        List.of(
            new Reading(1.75, 1.5, 2.25, 0, ""),
            new Reading(-0.5, -1, 0, 0, "ns"),
            new Reading(286.5, 280.1, 12_345, 0, "M messages/s"),
            new Reading(2, 1, 9, 3, "s"),
            Reading.of(27.3, "MiB"),
            Reading.of(0, ""))) {
      assertEquals(
          Optional.of(reading),
          Reading.parse(
              "host, threads 1",
              List.of("", "x", Reading.of(7, "").line("host"), reading.line("host, threads 1"))),
          reading.toString());
    }
    assertEquals(Optional.empty(), Reading.parse("a", List.of("b  1.0")));
  }
}
