// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads at each interval, and tells. On a terminal a block of lines is drawn over the one before;
 * elsewhere each reading is a line. Runs on the thread that calls, which opened the sensors.
 */
public final class Monitor {
  /** So soon an end that was asked for is noticed. */
  private static final Duration NOTICE = Duration.ofMillis(50);

  private final Duration interval;
  private final long count;
  private final BooleanSupplier ended;

  /**
   * Reads nothing yet.
   *
   * @param count of readings; {@link Long#MAX_VALUE} for no end
   * @param ended whether somebody asked for the end
   */
  public Monitor(Duration interval, long count, BooleanSupplier ended) {
    this.interval = interval;
    this.count = count;
    this.ended = ended;
  }

  /** What is done with what was read. */
  private interface Listener {
    void read(List<Snapshot> now);
  }

  /**
   * Shows them.
   *
   * @param window of a terminal on which lines can be drawn over; null where there is none
   */
  public void show(Watch watch, PrintWriter out, @Nullable Window window)
      throws InterruptedException {
    loop(
        watch,
        window != null ? new Block(out, window) : now -> line(out, now),
        () -> ended.getAsBoolean() || out.checkError()); // nobody reads it any more
  }

  /** Has a server tell them. */
  public void serve(Watch watch, MetricsServer server) throws InterruptedException {
    loop(watch, server::tell, ended);
  }

  private void loop(Watch watch, Listener listener, BooleanSupplier over)
      throws InterruptedException {
    long due = System.nanoTime();
    for (long i = 0; i < count && !over.getAsBoolean(); i++) {
      listener.read(watch.read());
      due = Math.max(due + interval.toNanos(), System.nanoTime());
      if (i + 1 < count) {
        await(due);
      }
    }
  }

  /** Until a time, unless an end is asked for; readings that are late are not made up for. */
  private void await(long due) throws InterruptedException {
    long left = due - System.nanoTime();
    while (left > 0 && !ended.getAsBoolean()) {
      Thread.sleep(Duration.ofNanos(Math.min(left, NOTICE.toNanos())));
      left = due - System.nanoTime();
    }
  }

  private static void line(PrintWriter out, List<Snapshot> now) {
    out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + MonitorText.line(now));
    out.flush();
  }

  /** Draws one block over the other. */
  private static final class Block implements Listener {
    private final PrintWriter out;
    private final Window window;
    private @Nullable List<Snapshot> before;
    private int drawn;

    Block(PrintWriter out, Window window) {
      this.out = out;
      this.window = window;
    }

    @Override
    public void read(List<Snapshot> now) {
      List<String> lines = MonitorText.block(now, before, window);
      if (drawn > 0) {
        out.printf("\u001b[%dA\u001b[J", drawn); // up so many lines, then clear to the end
      }
      lines.forEach(out::println);
      out.flush();
      before = now;
      drawn = lines.size();
    }
  }
}
