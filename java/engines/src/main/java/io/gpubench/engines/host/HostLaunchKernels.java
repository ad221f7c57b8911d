// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.launch.LaunchKernels;
import io.gpubench.ffi.host.Host;
import io.gpubench.workloads.launch.Launch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The smallest pieces of work in C. Only the threads that a launch needs are started, so that no
 * other one spins beside what is timed.
 */
final class HostLaunchKernels implements LaunchKernels {
  /** A thread that does not run for so long is an error. */
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HostPool pool;
  private final @Nullable MemorySegment mailbox;
  private final Arena arena = Arena.ofShared(); // others may check what is allocated
  private final MemorySegment answer = arena.allocate(ValueLayout.JAVA_LONG);

  /**
   * Starts the threads.
   *
   * @param launch the only one that will be called for
   * @throws io.gpubench.measure.EngineException when there are not so many
   */
  HostLaunchKernels(Launch launch, int threads) {
    this.pool = new HostPool(launch == Launch.EMPTY ? threads : 1);
    try {
      this.mailbox = launch == Launch.MAILBOX ? mailbox() : null;
    } catch (RuntimeException failure) {
      pool.close();
      throw failure;
    }
  }

  private static MemorySegment mailbox() {
    try (var scratch = Arena.ofConfined()) {
      MemorySegment place = scratch.allocate(ValueLayout.ADDRESS);
      HostError.check(Host.gpubench_mailbox_create(place), "gpubench_mailbox_create");
      return place.get(ValueLayout.ADDRESS, 0);
    }
  }

  @Override
  public int threads() {
    return pool.threads();
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return HostMemory.create(arena, bytes);
  }

  @Override
  public void wake() {
    if (mailbox == null) {
      pool.wake();
    } else {
      exchange(0);
    }
  }

  @Override
  public void empty() {
    Host.gpubench_launch_empty(pool.handle());
  }

  @Override
  public void touch(MemorySegment rows, long rowBytes, long index, long token) {
    Host.gpubench_launch_touch(pool.handle(), rows, rowBytes / Long.BYTES, index, token);
  }

  @Override
  public long exchange(long token) {
    if (mailbox == null) {
      throw new IllegalStateException("there is no mailbox");
    }
    HostError.check(
        Host.gpubench_mailbox_exchange(mailbox, token, TIMEOUT_NANOS, answer),
        "gpubench_mailbox_exchange");
    return answer.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
    Host.gpubench_launch_copy(from, fromByte, to, toByte, bytes);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", mailbox == null ? (long) pool.threads() : 2L);
  }

  @Override
  public void close() {
    if (mailbox != null) {
      Host.gpubench_mailbox_destroy(mailbox);
    }
    pool.close();
    arena.close();
  }
}
