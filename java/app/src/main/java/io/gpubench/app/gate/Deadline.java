// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.measure.run.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the end of a measurement when its time is up. Owns a daemon thread, which ends when it
 * is closed.
 */
final class Deadline implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean passed;

  /**
   * Begins now.
   *
   * @param limit more than 0; null for no limit
   */
  Deadline(@Nullable Duration limit, Cancellation cancellation) {
    if (limit != null) {
      Thread.ofPlatform().daemon().name("deadline").start(() -> await(limit, cancellation));
    }
  }

  private void await(Duration limit, Cancellation cancellation) {
    try {
      if (!closed.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        passed = !cancellation.requested();
        cancellation.request();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it was this that ended the measurement. */
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
