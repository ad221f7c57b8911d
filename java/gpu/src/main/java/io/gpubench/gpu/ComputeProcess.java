// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvml.nvmlProcessInfo_v2_st;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A process that computes on a device.
 *
 * @param pid its number as the driver knows it, which inside a container may mean another process
 * @param name its program; null if the driver does not tell
 * @param usedBytes device memory that it holds; null if the driver does not tell
 */
public record ComputeProcess(long pid, @Nullable String name, @Nullable Long usedBytes) {
  /** Room for one process, in the largest layout that a driver has used. */
  static final int ROOM_BYTES = 32;

  private static final byte UNTOUCHED = (byte) 0xA5;
  private static final long UNKNOWN_BYTES = -1;

  /** Marks memory, so that {@link #read} can tell what NVML wrote there. */
  static void mark(MemorySegment room) {
    room.fill(UNTOUCHED);
  }

  /**
   * The processes, still without names, that NVML wrote to marked memory. Some drivers, such as
   * 535.86, have longer entries than the header, others shorter ones, under the same function name;
   * number and memory come first in all of them. So the distance of two entries is taken from what
   * was written. Empty if that is no known distance.
   */
  static Optional<List<ComputeProcess>> read(MemorySegment room, int count) {
    if (count == 0) {
      return Optional.of(List.of());
    }
    long written = room.byteSize();
    while (written > 0 && room.get(ValueLayout.JAVA_BYTE, written - 1) == UNTOUCHED) {
      written--;
    }
    long stride = (written + Long.BYTES - 1) / Long.BYTES * Long.BYTES / count;
    if (stride != 16 && stride != nvmlProcessInfo_v2_st.sizeof() && stride != ROOM_BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        LongStream.range(0, count).mapToObj(i -> at(room.asSlice(i * stride))).toList());
  }

  private static ComputeProcess at(MemorySegment entry) {
    long used = nvmlProcessInfo_v2_st.usedGpuMemory(entry);
    return new ComputeProcess(
        Integer.toUnsignedLong(nvmlProcessInfo_v2_st.pid(entry)),
        null,
        used == UNKNOWN_BYTES ? null : used);
  }

  ComputeProcess named(@Nullable String known) {
    return new ComputeProcess(pid, known, usedBytes);
  }

  /** Its number and, if known, its name: {@code 4711 (python3)}. */
  @Override
  public String toString() {
    return name == null ? Long.toString(pid) : pid + " (" + name + ")";
  }
}
