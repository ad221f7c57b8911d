// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The arguments of a launch in native memory, each of the type that it began with. Setting one
 * allocates nothing; the next launch takes it. Lives as long as the kernel's module, on the same
 * thread. Indices count from 0.
 */
public final class KernelArguments {
  private static final long ALIGNMENT = 16;

  private enum Type {
    POINTER,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRUCTURE
  }

  private final Type[] types;
  private final MemorySegment[] slots;
  private final MemorySegment pointers;

  /** The same address, which a call need not hold open: whoever enqueues has asked the module. */
  private final MemorySegment address;

  KernelArguments(Arena arena, Object... values) {
    types = new Type[values.length];
    slots = new MemorySegment[values.length];
    pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(1, values.length));
    address = MemorySegment.ofAddress(pointers.address());
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case DeviceMemory memory ->
            place(i, Type.POINTER, arena.allocateFrom(ValueLayout.JAVA_LONG, memory.address()));
        case Integer value -> place(i, Type.INT, arena.allocateFrom(ValueLayout.JAVA_INT, value));
        case Long value -> place(i, Type.LONG, arena.allocateFrom(ValueLayout.JAVA_LONG, value));
        case Float value -> place(i, Type.FLOAT, arena.allocateFrom(ValueLayout.JAVA_FLOAT, value));
        case Double value ->
            place(i, Type.DOUBLE, arena.allocateFrom(ValueLayout.JAVA_DOUBLE, value));
        case MemorySegment value ->
            place(i, Type.STRUCTURE, arena.allocate(value.byteSize(), ALIGNMENT).copyFrom(value));
        default ->
            throw new IllegalArgumentException(
                "argument %d: a kernel takes no %s".formatted(i, values[i].getClass().getName()));
      }
    }
  }

  private void place(int index, Type type, MemorySegment slot) {
    types[index] = type;
    slots[index] = slot;
    pointers.setAtIndex(ValueLayout.ADDRESS, index, slot);
  }

  /** Points a pointer to the beginning of some memory. */
  public void set(int index, DeviceMemory memory) {
    slot(index, Type.POINTER).set(ValueLayout.JAVA_LONG, 0, memory.address());
  }

  /** Sets a 32-bit integer. */
  public void set(int index, int value) {
    slot(index, Type.INT).set(ValueLayout.JAVA_INT, 0, value);
  }

  /** Sets a 64-bit integer. */
  public void set(int index, long value) {
    slot(index, Type.LONG).set(ValueLayout.JAVA_LONG, 0, value);
  }

  /** Sets a {@code float}. */
  public void set(int index, float value) {
    slot(index, Type.FLOAT).set(ValueLayout.JAVA_FLOAT, 0, value);
  }

  /** Sets a {@code double}. */
  public void set(int index, double value) {
    slot(index, Type.DOUBLE).set(ValueLayout.JAVA_DOUBLE, 0, value);
  }

  /** The bytes of a structure, to be changed in place. */
  public MemorySegment structure(int index) {
    return slot(index, Type.STRUCTURE);
  }

  private MemorySegment slot(int index, Type type) {
    if (types[index] != type) {
      throw new IllegalArgumentException(
          "argument %d is of type %s, not %s".formatted(index, types[index], type));
    }
    return slots[index];
  }

  /** As the driver takes them: the address of each. */
  MemorySegment pointers() {
    return address;
  }
}
