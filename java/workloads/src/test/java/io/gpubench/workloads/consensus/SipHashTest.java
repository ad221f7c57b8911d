// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  private static final long KEY0 = 0x0706050403020100L;
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

  /**
   * Key 00 .. 0f, input 00 01 02 ...: published with the algorithm, 15 bytes in the paper itself.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "7, ab0200f58b01d137",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5"
  })
  void knownAnswers(int length, String tag) {
    assertEquals(Long.parseUnsignedLong(tag, 16), SipHash.tag(KEY0, KEY1, counting(length)));
  }

  @Test
  void threeWordsAreTheirBytes() {
    byte[] bytes = counting(24);
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(
        SipHash.tag(KEY0, KEY1, bytes),
        SipHash.tag(KEY0, KEY1, words.getLong(), words.getLong(), words.getLong()));
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
