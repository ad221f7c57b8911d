// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What an attaching tool finds here, by the binary interface that NVIDIA's headers give every
 * program with NVTX 3: a table of slots for each module of functions, into which it writes its own.
 * What it leaves empty is not called. Lives until the process ends, since a tool may look again.
 */
final class NvtxExports {
  /** Of the interface. */
  static final int VERSION = 3;

  /** The module of domains and their ranges. */
  static final int CORE2 = 5;

  private static final int CALLBACKS = 1;
  private static final int VERSION_INFORMATION = 3;

  /** Slots of each module, the unused first one included. */
  private static final Map<Integer, Integer> SLOTS =
      Map.of(1, 16, 2, 9, 3, 15, 4, 7, CORE2, 16, 6, 7);

  private static final long POINTER = ValueLayout.ADDRESS.byteSize();
  private static final Arena ARENA = Arena.global();

  private final MemorySegment callbacks = ARENA.allocate(2 * POINTER, POINTER);
  private final MemorySegment version = ARENA.allocate(3 * POINTER, POINTER);
  private final Map<Integer, Module> modules;

  /**
   * A module of functions.
   *
   * @param slots the functions that the tool has set, by their number
   * @param table from a number to the address of its slot, with nothing before and after
   */
  private record Module(MemorySegment slots, MemorySegment table) {
    static Module of(int count) {
      MemorySegment slots = ARENA.allocate(count * POINTER, POINTER);
      MemorySegment table = ARENA.allocate((count + 1) * POINTER, POINTER);
      for (int i = 1; i < count; i++) {
        table.setAtIndex(ValueLayout.ADDRESS, i, slots.asSlice(i * POINTER, POINTER));
      }
      return new Module(slots, table);
    }
  }

  NvtxExports() {
    modules =
        Map.copyOf(
            SLOTS.entrySet().stream()
                .collect(
                    Collectors.toMap(Map.Entry::getKey, entry -> Module.of(entry.getValue()))));
    callbacks.set(ValueLayout.JAVA_LONG, 0, callbacks.byteSize());
    callbacks.set(
        ValueLayout.ADDRESS,
        POINTER,
        stub(
            "moduleTable",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS)));
    version.set(ValueLayout.JAVA_LONG, 0, version.byteSize());
    version.set(ValueLayout.JAVA_INT, POINTER, VERSION);
    version.set(
        ValueLayout.ADDRESS,
        2 * POINTER,
        stub("toolVersion", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
  }

  /** The function that a tool is given to find the rest. */
  MemorySegment entry() {
    return stub("exportTable", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  }

  /** The function that the tool has set; null where it has not. */
  MemorySegment function(int module, int number) {
    return Objects.requireNonNull(modules.get(module))
        .slots()
        .getAtIndex(ValueLayout.ADDRESS, number);
  }

  /** Called by the tool. */
  @SuppressWarnings("UnusedMethod") // bound by its name
  private MemorySegment exportTable(int table) {
    return switch (table) {
      case CALLBACKS -> callbacks;
      case VERSION_INFORMATION -> version;
      default -> MemorySegment.NULL;
    };
  }

  /** Called by the tool; either of the addresses to answer to may be null. */
  @SuppressWarnings({"UnusedMethod", "restricted"}) // where the tool wants the answer
  private int moduleTable(int module, MemorySegment table, MemorySegment size) {
    Module known = modules.get(module);
    if (known == null) {
      return 0;
    }
    if (table.address() != 0) {
      table.reinterpret(POINTER).set(ValueLayout.ADDRESS, 0, known.table());
    }
    if (size.address() != 0) {
      size.reinterpret(Integer.BYTES)
          .set(ValueLayout.JAVA_INT, 0, (int) (known.slots().byteSize() / POINTER));
    }
    return 1;
  }

  /** Called by the tool; of no interest here. */
  @SuppressWarnings("UnusedMethod") // bound by its name
  private void toolVersion(int ignored) {}

  /** One of the methods above as a C function. */
  @SuppressWarnings("restricted") // called by the tool that was asked to attach
  private MemorySegment stub(String method, FunctionDescriptor type) {
    try {
      MethodType signature = type.toMethodType();
      MethodHandle handle = MethodHandles.lookup().bind(this, method, signature);
      return Linker.nativeLinker().upcallStub(handle, type, ARENA);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
