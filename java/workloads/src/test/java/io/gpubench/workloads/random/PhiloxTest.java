// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** Known answers of the Random123 distribution, philox4x32 with 10 rounds. */
  @Test
  void knownAnswers() {
    assertArrayEquals(words(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8), block(0, 0, 0));
    assertArrayEquals(words(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd), block(-1, -1, -1));
    assertArrayEquals(
        words(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1),
        block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L));
  }

  @Test
  void scalesToARange() {
    assertEquals(0, Philox.below(10, 0));
    assertEquals(9, Philox.below(10, -1));
    assertEquals(5, Philox.below(10, 1L << 63));
    assertEquals(0.0, Philox.unit(0));
    assertEquals(1 - 0x1p-53, Philox.unit(-1));
  }

  private static long[] words(int x0, int x1, int x2, int x3) {
    return new long[] {
      Integer.toUnsignedLong(x0) | (long) x1 << 32, Integer.toUnsignedLong(x2) | (long) x3 << 32
    };
  }

  private static long[] block(long seed, long stream, long index) {
    long[] block = new long[2];
    Philox.block(seed, stream, index, block);
    return block;
  }
}
