// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, on a thread of its own that runs until the stream ends, a line
 * is overlong. It holds a few lines and then reads no further until one is taken. Does not close
 * the stream.
 */
final class LineReader implements Runnable {
  private static final int LINES_HELD = 4;
  private static final int FIRST_CAPACITY = 1 << 16;

  private final InputStream in;
  private final int limit;

  // Guarded by this.
  private final Deque<Received> held = new ArrayDeque<>();
  private boolean closed;
  private boolean atEnd;
  private boolean abandoned;
  private String unfinished = "";

  /**
   * @param limit the longest line, in bytes
   */
  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  @Override
  public void run() {
    try {
      read();
    } catch (IOException e) {
      // closed with the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      atEnd = true;
      notifyAll();
    }
  }

  private void read() throws IOException, InterruptedException {
    byte[] buffer = new byte[FIRST_CAPACITY];
    int filled = 0;
    for (int count; (count = in.read(buffer, filled, buffer.length - filled)) >= 0; ) {
      int start = 0;
      int end = filled + count;
      for (int at = filled; at < end; at++) {
        if (buffer[at] == '\n') {
          if (!put(line(buffer, start, at))) {
            return;
          }
          start = at + 1;
        }
      }
      filled = end - start;
      if (filled > limit) {
        put(line(buffer, start, end));
        return;
      }
      System.arraycopy(buffer, start, buffer, 0, filled);
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, (int) Math.min(2L * filled, limit + 1L));
      }
    }
    synchronized (this) {
      unfinished = Printable.beginning(buffer, 0, filled);
    }
  }

  private Received line(byte[] buffer, int start, int end) {
    return end - start > limit
        ? new Received.Overlong(Printable.beginning(buffer, start, end))
        : new Received.Line(Arrays.copyOfRange(buffer, start, end));
  }

  /** False when it was the last. */
  private synchronized boolean put(Received received) throws InterruptedException {
    while (held.size() >= LINES_HELD && !closed) {
      wait();
    }
    if (!closed) {
      held.add(received);
      notifyAll();
    }
    return received instanceof Received.Line;
  }

  /**
   * Waits for a line.
   *
   * @param nanos the longest wait
   * @return null when there is none: in that time, or, see {@link #isDone}, ever
   */
  synchronized @Nullable Received take(long nanos) throws InterruptedException {
    long start = System.nanoTime();
    while (held.isEmpty() && !isDone()) {
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return null;
      }
      // Rounded up, or the last part of a millisecond would be spent awake.
      wait(left / 1_000_000 + 1);
    }
    if (held.peek() instanceof Received.Overlong overlong) {
      return overlong;
    }
    Received received = held.poll();
    notifyAll();
    return received;
  }

  /** Whether nothing comes any more behind the lines that are held. */
  synchronized boolean isDone() {
    return atEnd || abandoned;
  }

  /** What came behind the last line feed, at the end of the stream. */
  synchronized String unfinished() {
    return unfinished;
  }

  /** Waits no longer for the end of the stream: whoever may hold it, it is not the worker. */
  synchronized void abandon() {
    abandoned = true;
    notifyAll();
  }

  /** From now on lines are read and dropped, so that a worker on its way out is not held up. */
  synchronized void close() {
    closed = true;
    held.clear();
    notifyAll();
  }
}
