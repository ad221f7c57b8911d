// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a driver finds behind the pointers. */
class KernelArgumentsTest {
  private final Arena arena = Arena.ofConfined();
  private final Lifetime buffer = new Lifetime("buffer", () -> {});
  private final DeviceMemory memory = new DeviceMemory(buffer, 0x7f00_0000_1000L, 64);
  private final KernelArguments arguments =
      new KernelArguments(
          arena, memory, 7, 1L << 40, 1.5f, 2.5, MemorySegment.ofArray(new byte[] {1, 2, 3}));

  @AfterEach
  void free() {
    arena.close();
  }

  private MemorySegment at(int index, long bytes) {
    return arguments
        .pointers()
        .reinterpret(6 * ValueLayout.ADDRESS.byteSize())
        .getAtIndex(ValueLayout.ADDRESS, index)
        .reinterpret(bytes);
  }

  private void assertValues(long address, int i, long l, float f, double d, int lastByte) {
    assertEquals(address, at(0, 8).get(ValueLayout.JAVA_LONG, 0));
    assertEquals(i, at(1, 4).get(ValueLayout.JAVA_INT, 0));
    assertEquals(l, at(2, 8).get(ValueLayout.JAVA_LONG, 0));
    assertEquals(f, at(3, 4).get(ValueLayout.JAVA_FLOAT, 0));
    assertEquals(d, at(4, 8).get(ValueLayout.JAVA_DOUBLE, 0));
    assertEquals(lastByte, at(5, 3).get(ValueLayout.JAVA_BYTE, 2));
  }

  @Test
  void eachLiesWhereItsPointerPoints() {
    assertValues(0x7f00_0000_1000L, 7, 1L << 40, 1.5f, 2.5, 3);
  }

  @Test
  void eachCanBeChangedInPlace() {
    arguments.set(0, new DeviceMemory(buffer, 0x2000, 64));
    arguments.set(1, -1);
    arguments.set(2, -2L);
    arguments.set(3, -3f);
    arguments.set(4, -4.0);
    arguments.structure(5).set(ValueLayout.JAVA_BYTE, 2, (byte) 9);
    assertValues(0x2000, -1, -2, -3, -4, 9);
  }

  @Test
  void noneChangesItsType() {
    var error = assertThrows(IllegalArgumentException.class, () -> arguments.set(2, 5));
    assertEquals("argument 2 is of type LONG, not INT", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> arguments.structure(0));
    assertThrows(IndexOutOfBoundsException.class, () -> arguments.set(6, 1));
  }

  @Test
  void someThingsAKernelDoesNotTake() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new KernelArguments(arena, 1, "text"));
    assertEquals("argument 1: a kernel takes no java.lang.String", error.getMessage());
  }

  @Test
  void closedMemoryCannotBePassed() {
    buffer.close();
    assertThrows(LifecycleException.class, () -> arguments.set(0, memory));
  }
}
