// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Pages in a file by {@code pread} and {@code pwrite}, shared by threads of the host library. */
public final class PreadFile extends NativeFile {
  private final MemorySegment pool;

  /**
   * Opens one.
   *
   * @param pool what the library knows its threads by; whoever owns them closes them after the file
   * @throws io.gpubench.measure.EngineException as {@link PageFiles#open}
   */
  public PreadFile(Order order, MemorySegment pool) {
    super(order);
    this.pool = pool;
  }

  @Override
  void move(PageBatches pages) {
    pages.move(pool, pageBytes(), MemorySegment.NULL);
  }

  @Override
  Map<String, Object> means() {
    return Map.of("io", "pread and pwrite");
  }
}
