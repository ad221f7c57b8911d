// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuffersTest {
  /** One thread and several, below and above the size from which they share; parts and chunks. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 17",
    "3, 131071",
    "1, 131073",
    "2, 131072",
    "3, 131087",
    "5, 200001",
    "2, 2097169"
  })
  void everyElementOnce(int threads, int elements) {
    try (var arena = Arena.ofShared();
        var buffers = new Buffers(threads)) {
      MemorySegment words = arena.allocate(8L * elements, 8);
      buffers.fillWithWords(words, 7);
      Checksum right = Checksum.of(elements, i -> Words.word(7, i));
      assertEquals(right, Checksum.of(elements, i -> words.getAtIndex(JAVA_LONG, i)));
      buffers.sum(words);
      assertEquals(right, new Checksum(buffers.s0(), buffers.s1()));

      buffers.fillWithOperands(words, 8);
      for (int i = 0; i < elements; i++) {
        assertEquals(Words.word(8, i) >>> 44, (long) words.getAtIndex(JAVA_DOUBLE, i));
      }

      MemorySegment ints = words.asSlice(0, 4L * elements);
      buffers.sumInts(ints);
      assertEquals(
          Checksum.of(elements, i -> Integer.toUnsignedLong(ints.getAtIndex(JAVA_INT, i))),
          new Checksum(buffers.s0(), buffers.s1()));

      buffers.fill(words, -3);
      for (int i = 0; i < elements; i++) {
        assertEquals(-3, words.getAtIndex(JAVA_LONG, i));
      }
    }
  }
}
