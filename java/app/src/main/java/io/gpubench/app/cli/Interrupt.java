// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.run.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C, and any other orderly end of the process, into a request that the run end after the
 * current sample; then waits until results are written. The process ends by the signal, with 130
 * for Ctrl-C. Closed by whoever opened it, on the measuring thread.
 */
final class Interrupt implements AutoCloseable {
  /** A sample that takes longer than this is not waited for; what was flushed before it stays. */
  private static final long PATIENCE_SECONDS = 10;

  private final CountDownLatch written = new CountDownLatch(1);
  private final Cancellation cancellation;
  private final Thread hook;
  private volatile boolean fired;

  Interrupt(Cancellation cancellation) {
    this.cancellation = cancellation;
    hook = new Thread(this::fire, "interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What the end of the process does: asks for the end of the run and waits for it. */
  void fire() {
    fired = true;
    cancellation.request();
    try {
      boolean _ = written.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it requests. */
  Cancellation cancellation() {
    return cancellation;
  }

  /** Whether the process is ending. */
  boolean fired() {
    return fired;
  }

  @Override
  public void close() {
    written.countDown();
    if (!fired) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        // the signal came between the question and the removal; the hook finds the latch open
      }
    }
  }
}
