// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of the library: zeroed, in huge pages where the system grants them. */
final class HostMemory {
  private HostMemory() {}

  /**
   * Address space for so many bytes; only what is touched is taken from the machine.
   *
   * @param arena frees it
   * @param bytes at least 1
   */
  @SuppressWarnings("restricted") // the library's memory comes without its size
  static MemorySegment create(Arena arena, long bytes) {
    MemorySegment memory = Host.gpubench_memory_create(bytes);
    if (memory.address() == 0) {
      throw new EngineException(
          "gpubench_memory_create(%d bytes) failed: no address space".formatted(bytes));
    }
    return memory.reinterpret(
        bytes, arena, released -> Host.gpubench_memory_destroy(released, bytes));
  }
}
