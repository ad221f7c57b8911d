// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.run.Cancellation;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The thread that measures for a Java program. It is nobody's but ours, so that an interrupt of the
 * program's thread can end a run in good order, where one of the measuring thread would kill a
 * worker between two samples.
 */
final class MeasuringThread {
  /** What is locked by a process is not locked against the process itself. */
  private static final Semaphore ONE = new Semaphore(1);

  private MeasuringThread() {}

  /**
   * Waits for what a thread of its own does. An interrupt asks for its end, and is passed on when
   * it is there.
   *
   * @throws IllegalStateException when another one of this process goes on
   */
  static <T> T call(Cancellation cancellation, Supplier<T> work) {
    if (!ONE.tryAcquire()) {
      throw new IllegalStateException("another thread of this process measures");
    }
    boolean interrupted = false;
    try {
      var task = new FutureTask<>(work::get);
      Thread.ofPlatform().name("gpubench").start(task);
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
          cancellation.request();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          if (e.getCause() instanceof Error failure) {
            throw failure;
          }
          throw new IllegalStateException(e);
        }
      }
    } finally {
      ONE.release();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
