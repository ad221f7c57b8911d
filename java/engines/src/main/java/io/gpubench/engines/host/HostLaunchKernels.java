// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.launch.LaunchKernels;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The smallest pieces of work in C. The thread that answers in {@link #exchange} starts with the
 * first token, and only the threads that are used are ever woken, so that no other one spins beside
 * what is timed.
 */
final class HostLaunchKernels implements LaunchKernels {
  /** A thread that does not run for so long is an error. */
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Arena arena = Arena.ofConfined();
  private final HostPool pool;
  private final MemorySegment answer;
  private boolean poolUsed;
  private @Nullable MemorySegment mailbox;

  HostLaunchKernels(int threads) {
    this.pool = new HostPool(threads);
    this.answer = arena.allocate(ValueLayout.JAVA_LONG);
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
    if (poolUsed) {
      pool.wake();
    }
    if (mailbox != null) {
      exchange(0);
    }
  }

  @Override
  public void empty() {
    poolUsed = true;
    Host.gpubench_launch_empty(pool.handle());
  }

  @Override
  public void touch(MemorySegment rows, long rowBytes, long index, long token) {
    poolUsed = true;
    Host.gpubench_launch_touch(pool.handle(), rows, rowBytes / Long.BYTES, index, token);
  }

  @Override
  public long exchange(long token) {
    MemorySegment other = mailbox == null ? startMailbox() : mailbox;
    int code = Host.gpubench_mailbox_exchange(other, token, TIMEOUT_NANOS, answer);
    HostError.check(code, "gpubench_mailbox_exchange");
    return answer.get(ValueLayout.JAVA_LONG, 0);
  }

  private MemorySegment startMailbox() {
    try (var scratch = Arena.ofConfined()) {
      MemorySegment place = scratch.allocate(ValueLayout.ADDRESS);
      HostError.check(Host.gpubench_mailbox_create(place), "gpubench_mailbox_create");
      MemorySegment created = place.get(ValueLayout.ADDRESS, 0);
      mailbox = created;
      return created;
    }
  }

  @Override
  public void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
    Host.gpubench_launch_copy(from, fromByte, to, toByte, bytes);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) pool.threads());
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
