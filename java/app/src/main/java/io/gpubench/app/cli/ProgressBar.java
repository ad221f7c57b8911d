// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.Figures;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * How steps get on, on stderr: on a terminal one line that is drawn again, with a bar and the time
 * left at most; in a log one line when a step begins. What goes wrong is a line in both.
 */
final class ProgressBar {
  private static final int BAR = 16;

  /** A longer line would wrap on the usual terminal, and then not be drawn over. */
  private static final int WIDTH = 79;

  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean bar;
  private final List<Duration> budgets;
  private int index;
  private long startedNanos;
  private long finishedNanos;

  /**
   * Shows nothing yet.
   *
   * @param bar whether there is a terminal to draw on
   * @param budgets upper bounds of the time for each step
   */
  ProgressBar(PrintWriter err, boolean bar, List<Duration> budgets) {
    this.err = err;
    this.bar = bar;
    this.budgets = List.copyOf(budgets);
  }

  /** Whether {@link #draw} shows anything. */
  boolean drawn() {
    return bar;
  }

  /**
   * A step begins.
   *
   * @param step counted from 0
   * @param line says in a log which one
   */
  void begin(int step, String line) {
    index = step;
    startedNanos = System.nanoTime();
    log(
        "[%d/%d] %s, at most %s"
            .formatted(
                step + 1,
                budgets.size(),
                line,
                Figures.clock(seconds(budgets.get(step).toNanos()))));
  }

  /**
   * Draws the line again.
   *
   * @param share how much of the step is over, from 0 to 1
   */
  void draw(String title, double share, String doing) {
    if (!bar) {
      return;
    }
    // a step takes as long as those before it did; the first one, as it has gone so far
    double spent = seconds(System.nanoTime() - startedNanos);
    double usual =
        index > 0
            ? seconds(finishedNanos) / index
            : share > 0.02 ? spent / share : Double.POSITIVE_INFINITY;
    double left = Math.max(0, Math.min(usual, seconds(budgets.get(index).toNanos())) - spent);
    for (Duration budget : budgets.subList(index + 1, budgets.size())) {
      left += Math.min(usual, seconds(budget.toNanos()));
    }
    int filled = (int) (BAR * (index + share) / budgets.size());
    String line =
        "[%s%s] %d/%d ~%s left, %s, %s"
            .formatted(
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                index + 1,
                budgets.size(),
                Figures.clock(left),
                doing,
                title);
    err.print(CLEAR + (line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…"));
    err.flush();
  }

  /** The step ended. */
  void end() {
    clear();
    finishedNanos += System.nanoTime() - startedNanos;
  }

  /** Says something in any case. */
  void say(String line) {
    err.println("      " + line);
    err.flush();
  }

  /** Says something in a log only. */
  void log(String line) {
    if (!bar) {
      err.println(line);
      err.flush();
    }
  }

  /** Clears the line. */
  void clear() {
    if (bar) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
