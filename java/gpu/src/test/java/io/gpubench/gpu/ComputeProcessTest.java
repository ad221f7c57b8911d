// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeProcessTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private MemorySegment room(int processes) {
    MemorySegment room = arena.allocate((long) processes * ComputeProcess.ROOM_BYTES, Long.BYTES);
    ComputeProcess.mark(room);
    return room;
  }

  /** Writes as NVML does; it may leave the gap between number and memory as it was. */
  private static void write(MemorySegment room, int stride, int index, int pid, long used) {
    MemorySegment entry = room.asSlice((long) index * stride, stride);
    entry.set(ValueLayout.JAVA_INT, 0, pid);
    entry.asSlice(Long.BYTES).fill((byte) 0);
    entry.set(ValueLayout.JAVA_LONG, Long.BYTES, used);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32})
  void everyLayoutThatADriverUses(int stride) {
    MemorySegment room = room(9);
    for (int i = 0; i < 3; i++) {
      write(room, stride, i, 100 + i, i == 1 ? -1 : 1000 + i);
    }
    assertEquals(
        Optional.of(
            List.of(
                new ComputeProcess(100, null, 1000L),
                new ComputeProcess(101, null, null),
                new ComputeProcess(102, null, 1002L))),
        ComputeProcess.read(room, 3));
  }

  @Test
  void noProcess() {
    assertEquals(Optional.of(List.of()), ComputeProcess.read(room(4), 0));
    assertEquals(Optional.of(List.of()), ComputeProcess.read(room(0), 0));
  }

  @Test
  void anotherLayoutIsNotGuessed() {
    MemorySegment room = room(9);
    write(room, 40, 0, 100, 1000);
    write(room, 40, 1, 101, 1001);
    assertEquals(Optional.empty(), ComputeProcess.read(room, 2));
    assertEquals(Optional.empty(), ComputeProcess.read(room(4), 1));
  }

  @Test
  void itsText() {
    assertEquals("4711 (python3)", new ComputeProcess(4711, "python3", null).toString());
    assertEquals("4711", new ComputeProcess(4711, null, 5L).toString());
  }
}
