// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.workloads.words.Words;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that answers tokens: it spins on a cache line into which the caller stores a token and a
 * number, and stores its answer and that number into another. After {@value #SPIN_NANOS} ns without
 * a token it parks. An exchange allocates nothing.
 *
 * <p>Used by one calling thread at a time, whose creator closes it.
 */
final class Mailbox implements AutoCloseable {
  /** How long the thread waits for the next token before it parks. */
  static final long SPIN_NANOS = 1_000_000;

  /** After so many turns of waiting, the other side may be asleep, or have no processor. */
  private static final int PATIENCE = 10_000;

  private static final int LINE = 16;
  private static final int REQUEST = LINE;
  private static final int TOKEN = REQUEST + 1;
  private static final int REPLY = 2 * LINE;
  private static final int ANSWER = REPLY + 1;
  private static final int PARKED = 3 * LINE;
  private static final long CLOSE = -1;

  private final AtomicLongArray shared = new AtomicLongArray(4 * LINE);
  private final Thread thread;
  private long number;

  Mailbox() {
    thread = Thread.ofPlatform().daemon().name("gpubench-mailbox").start(this::answer);
  }

  /** Sends a token and waits for what the thread makes of it: mix64 of it. */
  long exchange(long token) {
    number++;
    shared.setPlain(TOKEN, token);
    shared.setRelease(REQUEST, number);
    for (int turns = 0; shared.getAcquire(REPLY) != number; turns++) {
      waitedFor(turns);
    }
    return shared.getPlain(ANSWER);
  }

  @SuppressWarnings("ThreadPriorityCheck") // yields only so that waiting costs others less
  private void waitedFor(int turns) {
    Thread.onSpinWait();
    if (turns >= PATIENCE) {
      if (shared.get(PARKED) != 0) {
        LockSupport.unpark(thread);
      }
      Thread.yield();
    }
  }

  private void answer() {
    for (long next = 1; await(next) != CLOSE; next++) {
      shared.setPlain(ANSWER, Words.mix64(shared.getPlain(TOKEN)));
      shared.setRelease(REPLY, next);
    }
  }

  /** Waits for a request; its number, or {@link #CLOSE}. */
  private long await(long next) {
    long parkAt = 0;
    for (int turns = 1; ; turns++) {
      long request = shared.getAcquire(REQUEST);
      if (request == next || request == CLOSE) {
        return request;
      }
      Thread.onSpinWait();
      if (turns % PATIENCE == 0) {
        long now = System.nanoTime();
        parkAt = parkAt == 0 ? now + SPIN_NANOS : parkAt;
        if (now - parkAt >= 0) {
          park(next);
        }
      }
    }
  }

  private void park(long next) {
    shared.set(PARKED, 1);
    while (shared.get(REQUEST) != next && shared.get(REQUEST) != CLOSE) {
      LockSupport.park(this);
    }
    shared.set(PARKED, 0);
  }

  /** Ends the thread and waits for it. */
  @Override
  public void close() {
    shared.set(REQUEST, CLOSE);
    boolean interrupted = false;
    while (thread.isAlive()) {
      LockSupport.unpark(thread);
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
