// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KneeTest {
  /** Values at 10, 20, 30 and so on. */
  private static Knee of(String values) {
    var curve = new TreeMap<Double, Double>();
    Arrays.stream(values.strip().split(" +", -1))
        .filter(value -> !value.isEmpty())
        .forEach(value -> curve.put(10.0 * (curve.size() + 1), Double.parseDouble(value)));
    return Knee.of(curve);
  }

  @ParameterizedTest
  @CsvSource({
    "1 5 9 10 10, 30, 50, 40", // comes near, and stays
    "10 9 5 1, 10, 20, 10", // leaves
    "1 10 1, 20, 20, 20",
    "1 2 9.1 10 9 2 1, 30, 50, 40", // comes and leaves
    "5 5 5, 10, 30, 10", // ties: the first
    "1 2 4 8, 40, 40, 40", // still rises
    "10 1 10 9, 10, 10, 10", // two heights: the first of the largest
    "9.5 8.9 10 8.9, 30, 30, 30", // a dip ends it
    "0 0 1, 30, 30, 30",
  })
  void sizesInARow(String values, double from, double to, double largestAt) {
    Knee knee = of(values);
    assertEquals(from, knee.from());
    assertEquals(to, knee.to());
    assertEquals(largestAt, knee.largestAt());
    assertEquals(from == 10, knee.fromStart());
    assertEquals(to == 10.0 * values.strip().split(" +", -1).length, knee.toEnd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5 6", "0 0 0"})
  void tooLittle(String values) {
    assertNull(of(values));
  }
}
