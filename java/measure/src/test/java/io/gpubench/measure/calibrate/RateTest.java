// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateTest {
  /** The rule of three, exactly. */
  @Test
  void fiftyNineGatesWithoutAnAlarmShowLessThanFivePercent() {
    assertEquals(59, Rate.needed(0, 0.05));
    assertTrue(Rate.of(0, 59).atMost() < 0.05);
    assertTrue(Rate.of(0, 58).atMost() >= 0.05);
    assertEquals(1 - Math.pow(0.05, 1 / 60.0), Rate.of(0, 60).atMost(), 1e-12);
    assertEquals(1 - Math.pow(0.025, 1 / 60.0), Rate.of(0, 60).upper(), 1e-12);
    assertEquals(0, Rate.of(0, 60).lower());
    assertEquals(1, Rate.of(60, 60).upper());
  }

  @Test
  void moreAlarmsTakeMoreGates() {
    int before = 0;
    for (int alarms = 0; alarms < 6; alarms++) {
      int needed = Rate.needed(alarms, 0.05);
      assertTrue(needed > before);
      assertTrue(Rate.of(alarms, needed).atMost() < 0.05);
      assertTrue(Rate.of(alarms, needed - 1).atMost() >= 0.05);
      before = needed;
    }
    assertEquals(93, Rate.needed(1, 0.05));
  }
}
