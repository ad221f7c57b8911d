// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WrappingCounterTest {
  private final WrappingCounter counter = new WrappingCounter();

  @Test
  void itGoesOnWhereThirtyTwoBitsEnd() {
    assertEquals(0xFFFF_FFF0L, counter.unwrapped(0xFFFF_FFF0L));
    assertEquals(0x1_0000_0005L, counter.unwrapped(5));
    assertEquals(0x1_0000_0005L, counter.unwrapped(5));
    assertEquals(0x1_0000_0007L, counter.unwrapped(7));
    assertEquals(
        0x1_0000_0006L, counter.unwrapped(6), "from so low it begins anew, as after a reset");
  }

  @Test
  void aWiderCounterPasses() {
    assertEquals(0xFFFF_FFFFL, counter.unwrapped(0xFFFF_FFFFL));
    assertEquals(0x1_0000_0000L, counter.unwrapped(0x1_0000_0000L));
    assertEquals(1L << 50, counter.unwrapped(1L << 50));
    assertEquals(17, counter.unwrapped(17), "begun anew by whatever, but not wrapped");
  }
}
