// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.EngineException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that runs one task at a time, each member its part, for tasks of a few
 * microseconds: the members that wait spin for a while, and only then park. Member 0 is the caller;
 * the others are daemon threads. A call allocates nothing.
 *
 * <p>Used by one calling thread at a time, whose creator closes it.
 */
public final class SpinTeam implements AutoCloseable {
  /** How long a member usually waits for the next task before it parks, in nanoseconds. */
  public static final long SPIN_NANOS = 150_000;

  private static final int SPINS_BETWEEN_CLOCK_READINGS = 64;

  // Each shared counter has a cache line (and its prefetched neighbour) for itself.
  private static final int LINE = 16;
  private static final int CALLS = LINE;
  private static final int UNFINISHED = 2 * LINE;
  private static final int PARKED = 3 * LINE;

  private static final Task NOTHING = (_, _) -> {};

  private final long spinNanos;
  private final AtomicLongArray shared;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread[] workers;
  private @Nullable Task task; // null after close; published by CALLS

  /** What a team does. */
  @FunctionalInterface
  public interface Task {
    /**
     * One member's part.
     *
     * @param member 0 .. members - 1; 0 is the thread that called
     */
    void run(int member, int members);
  }

  /**
   * A team of so many members, the caller included.
   *
   * @param members at least 1
   */
  public SpinTeam(int members) {
    this(members, SPIN_NANOS);
  }

  /**
   * A team of so many members, the caller included, of which those that wait spin for a while.
   *
   * @param members at least 1
   * @param spinNanos before they park; 0 to park at once
   */
  public SpinTeam(int members, long spinNanos) {
    if (members < 1) {
      throw new IllegalArgumentException("members " + members);
    }
    this.spinNanos = spinNanos;
    shared = new AtomicLongArray(PARKED + LINE * (members - 1) + 1);
    workers = new Thread[members - 1];
    for (int i = 0; i < workers.length; i++) {
      int member = i + 1;
      workers[i] =
          Thread.ofPlatform().daemon().name("gpubench-team-" + member).start(() -> work(member));
    }
  }

  /** How many take part, the caller included. */
  public int members() {
    return workers.length + 1;
  }

  /**
   * Runs every member's part and returns when all have ended.
   *
   * @throws EngineException the first such failure of another member's part
   * @throws IllegalStateException when another member's part failed otherwise; that is the cause
   */
  public void run(Task part) {
    if (workers.length == 0) {
      part.run(0, 1);
      return;
    }
    start(part);
    Throwable failed;
    try {
      part.run(0, members());
    } finally {
      join();
      failed = failure.get();
      if (failed != null) { // else nothing is written while others may be timed
        failure.set(null);
      }
    }
    if (failed instanceof EngineException known) {
      throw known;
    }
    if (failed != null) {
      throw new IllegalStateException("a member of the team failed", failed);
    }
  }

  /** Returns when all members are awake; those that wait then spin again. */
  public void wake() {
    run(NOTHING);
  }

  /** Ends the worker threads and waits for them. */
  @Override
  public void close() {
    start(null);
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(@Nullable Task next) {
    task = next;
    shared.set(UNFINISHED, workers.length);
    shared.set(CALLS, shared.get(CALLS) + 1);
    for (int i = 0; i < workers.length; i++) {
      if (shared.get(parked(i + 1)) != 0) {
        LockSupport.unpark(workers[i]);
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // yields only so that waiting costs others less
  private void join() {
    long spins = 0;
    while (shared.get(UNFINISHED) != 0) {
      if (++spins < 10_000) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // more members than free processors
      }
    }
  }

  private void work(int member) {
    long call = 0;
    while (true) {
      call++;
      await(member, call);
      Task part = task;
      if (part == null) {
        return;
      }
      try {
        part.run(member, members());
      } catch (Throwable failed) { // handed to the caller
        failure.compareAndSet(null, failed);
      } finally {
        shared.decrementAndGet(UNFINISHED);
      }
    }
  }

  /**
   * Waits for a call: spins, then parks. The caller sets CALLS before it looks for who is parked.
   */
  private void await(int member, long call) {
    long parkAt = System.nanoTime() + spinNanos;
    for (int spins = 1; shared.get(CALLS) < call; spins++) {
      Thread.onSpinWait();
      if (spins % SPINS_BETWEEN_CLOCK_READINGS == 0 && System.nanoTime() - parkAt >= 0) {
        shared.set(parked(member), 1);
        while (shared.get(CALLS) < call) {
          LockSupport.park(this);
        }
        shared.set(parked(member), 0);
      }
    }
  }

  private static int parked(int member) {
    return PARKED + LINE * (member - 1);
  }
}
