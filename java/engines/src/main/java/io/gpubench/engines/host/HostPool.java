// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Threads of the library, the calling one included. Used by one thread at a time, which closes it.
 */
final class HostPool implements AutoCloseable {
  private final MemorySegment handle;
  private final int threads;

  /**
   * Starts the threads.
   *
   * @param threads at least 1
   * @throws io.gpubench.measure.EngineException when there are not so many
   */
  HostPool(int threads) {
    this.threads = threads;
    try (var scratch = Arena.ofConfined()) {
      MemorySegment place = scratch.allocate(ValueLayout.ADDRESS);
      int code = Host.gpubench_pool_create(threads, place);
      if (code != Host.GPUBENCH_HOST_OK()) {
        throw HostError.of(code, "gpubench_pool_create(%d threads)".formatted(threads));
      }
      this.handle = place.get(ValueLayout.ADDRESS, 0);
    }
  }

  /** What the library knows it by. */
  MemorySegment handle() {
    return handle;
  }

  int threads() {
    return threads;
  }

  /** Has all threads awake and spinning, for a while. */
  void wake() {
    Host.gpubench_pool_wake(handle);
  }

  @Override
  public void close() {
    Host.gpubench_pool_destroy(handle);
  }
}
