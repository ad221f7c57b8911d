// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.Curves.Stretch;
import io.gpubench.app.report.Curves.Value;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {
  private static Value value(double value, @Nullable Double lower, @Nullable Double upper) {
    return new Value(value, lower, upper, true);
  }

  /** Within ten per cent. */
  private static Value about(double value) {
    return new Value(value, 0.9 * value, 1.1 * value, true);
  }

  @Test
  void theLowestTimeAndTheHighestRateAreTheBest() {
    for (boolean lowest : new boolean[] {true, false}) {
      var curves = new Curves<String>(lowest);
      curves.add("a", 1, about(10));
      curves.add("b", 1, about(20));
      assertEquals(Set.of(lowest ? "a" : "b"), curves.best(1));
    }
  }

  @Test
  void whatOverlapsTheBestIsNotWorse() {
    var curves = new Curves<String>(true);
    curves.add("a", 1, value(10, 9.0, 11.0));
    curves.add("b", 1, value(12, 11.0, 13.0));
    curves.add("c", 1, value(12, 11.1, 13.0));
    assertEquals(
        Set.of("a", "b"), curves.best(1), "b touches a; c touches b, and b is not the best");
  }

  @Test
  void aBoundThatIsNotThereExcludesNothing() {
    var curves = new Curves<String>(true);
    curves.add("a", 1, value(10, 9.0, null));
    curves.add("b", 1, value(99, 98.0, 100.0));
    assertEquals(Set.of("a", "b"), curves.best(1));
    curves.add("a", 2, value(10, null, 11.0));
    curves.add("b", 2, value(99, 98.0, 100.0));
    assertEquals(Set.of("a"), curves.best(2));
  }

  @Test
  void sizesInARowWithTheSameBestAreOneStretch() {
    var curves = new Curves<String>(true);
    for (int size = 64; size >= 1; size /= 2) { // in any order
      curves.add("flat", size, about(20));
      curves.add("steep", size, about(2 * size));
    }
    assertEquals(
        List.of(new Stretch<>(1, 8, Set.of("steep")), new Stretch<>(16, 64, Set.of("flat"))),
        curves.stretches());
  }

  @Test
  void whereThereIsNothingToCompareNobodyIsTheBest() {
    var curves = new Curves<String>(true);
    for (int size = 1; size <= 3; size++) {
      curves.add("a", size, about(1));
      if (size != 2) {
        curves.add("b", size, about(2));
      }
    }
    assertEquals(Set.of(), curves.best(2));
    assertEquals(
        List.of(new Stretch<>(1, 1, Set.of("a")), new Stretch<>(3, 3, Set.of("a"))),
        curves.stretches(),
        "nobody knows of 2");
    assertEquals(null, curves.value("b", 2));
  }

  @Test
  void aDoubtedValueLeavesItsSizeUndecided() {
    var curves = new Curves<String>(true);
    curves.add("a", 1, about(1));
    curves.add("b", 1, new Value(9, 8.0, 10.0, false));
    assertTrue(curves.doubted(1));
    assertEquals(Set.of(), curves.best(1));
    assertEquals(List.of(), curves.stretches());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void stretchesAreInOrderAndTheBestIsNeverBeaten(long seed) {
    var random = new Random(seed);
    var curves = new Curves<Integer>(true);
    int sizes = 1 + random.nextInt(20);
    for (int size = 0; size < sizes; size++) {
      for (int way = 0; way < 4; way++) {
        if (way == 0 || random.nextInt(4) > 0) {
          curves.add(way, size, about(1 + random.nextInt(5)));
        }
      }
    }
    double next = 0;
    for (Stretch<Integer> stretch : curves.stretches()) {
      assertTrue(stretch.from() >= next);
      next = stretch.to() + 1;
      for (double size = stretch.from(); size <= stretch.to(); size++) {
        assertEquals(stretch.best(), curves.best(size));
        for (int best : stretch.best()) {
          for (int way : curves.ways()) {
            Value other = curves.value(way, size);
            Value own = curves.value(best, size);
            assertTrue(
                other == null
                    || own == null
                    || other.upper() == null
                    || own.lower() == null
                    || own.lower() <= other.upper());
          }
        }
      }
    }
    assertTrue(next <= sizes);
  }
}
