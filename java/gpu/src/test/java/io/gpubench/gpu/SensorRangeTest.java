// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SensorRangeTest {
  @ParameterizedTest
  @CsvSource({
    "CELSIUS, 1, 150",
    "MILLIWATTS, 1, 10000000",
    "MEGAHERTZ, 1, 10000",
    "MEMORY_MEGAHERTZ, 1, 50000",
    "PERCENT, 0, 100",
    "PCIE_GENERATION, 1, 16",
    "PCIE_LANES, 1, 32",
  })
  void theBoundsBelongToTheRange(SensorRange range, int least, int most) {
    assertEquals(OptionalInt.of(least), range.judge(least));
    assertEquals(OptionalInt.of(most), range.judge(most));
    assertEquals(OptionalInt.empty(), range.judge(least - 1));
    assertEquals(OptionalInt.empty(), range.judge(most + 1));
  }

  @ParameterizedTest
  @CsvSource({
    "MILLIJOULES, 1, 1000000000000000",
    "BYTES, 0, 4000000000000000000",
    "NANOSECONDS, 0, 2000000000000000000",
    "COUNT, 0, 1000000000",
    "PERFORMANCE_STATE, 0, 15",
    "REASONS, 0, 4294967294",
  })
  void theBoundsOfSixtyFourBitsDoToo(SensorRange range, long least, long most) {
    assertTrue(range.holds(least));
    assertTrue(range.holds(most));
    assertFalse(range.holds(least - 1));
    assertFalse(range.holds(most + 1));
  }

  @ParameterizedTest
  @EnumSource
  void aNumberThatStandsForNothingIsNoReading(SensorRange range) {
    for (long number :
        new long[] {
          -1,
          -2,
          0xFFFF_FFFFL,
          0x7FFF_FFF0L,
          2_147_483_634L,
          Integer.MAX_VALUE,
          9_223_372_036_854_775_792L,
          9_223_372_036_854_775_794L,
          Long.MAX_VALUE,
          Long.MIN_VALUE
        }) {
      assertFalse(range.holds(number), () -> range + " holds " + number);
    }
    assertFalse(SensorRange.standsForNothing(0x7FFF_FFEFL));
    assertFalse(SensorRange.standsForNothing(0x8000_0000L));
    assertFalse(SensorRange.standsForNothing(0x7FFF_FFFF_FFFF_FFEFL));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"MILLIJOULES", "BYTES", "NANOSECONDS", "REASONS"}) // which need more bits
  void aWordThatStandsForNothingIsNoReading(SensorRange range) {
    for (int word : new int[] {-1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertEquals(OptionalInt.empty(), range.judge(word));
    }
  }

  @Test
  void allBitsAreNoReasons() {
    assertTrue(SensorRange.areReasons(0));
    assertTrue(SensorRange.areReasons(0x1FF));
    for (long bits : new long[] {0xFFFF_FFFFL, -1, 1L << 40, Long.MIN_VALUE}) {
      assertFalse(SensorRange.areReasons(bits));
    }
  }

  @Test
  void everyReasonHasItsOwnWord() {
    assertEquals(
        Set.of(
            "sw-power-cap",
            "sw-thermal-slowdown",
            "hw-slowdown",
            "hw-thermal-slowdown",
            "hw-power-brake-slowdown"),
        EnumSet.allOf(ClockEventReason.class).stream()
            .filter(ClockEventReason::throttling)
            .map(ClockEventReason::word)
            .collect(toSet()));
  }
}
