// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 8, 4095, 4096, 4104, 2097151, 2097152, 2097160, 6291455})
  void memoryIsZeroedAlignedAndWritable(long bytes) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = HugePages.allocate(arena, bytes);
      assertEquals(bytes, memory.byteSize());
      assertEquals(0, memory.address() % (bytes < 2 << 20 ? 4096 : 2 << 20));
      assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])));
      memory.fill((byte) 1);
    }
  }

  @Test
  void moreThanThereIs() {
    try (var arena = Arena.ofConfined()) {
      assertThrows(EngineException.class, () -> HugePages.allocate(arena, 1L << 50));
    }
  }
}
