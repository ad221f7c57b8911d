// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps samples out that a device took while it was too hot or its hardware held it back, as far as
 * that makes sense. It asks the device's sensors before the first batch and after each, so about
 * every {@value Measurement#BATCH_MILLIS} ms, between samples: a question takes a few milliseconds
 * at most, and none is asked again of a device that could not tell the first time. A batch at whose
 * end the device is slowed down is discarded, the device gets a pause until it has recovered, and
 * what it takes first after that is discarded too, since it has been idle.
 *
 * <p>The bound is time: a quarter of what there is for measuring, and 5 s before a batch is kept
 * again. A device that needs more cannot be measured unthrottled at this load; then the numbers are
 * those of a throttled device, which is worth knowing too. From then on all samples are kept, and
 * {@link Throttling} says so. A batch that alone is longer than the bound is never discarded. So a
 * measurement ends in its time, and three quarters of that are never lost.
 *
 * <p>For one measurement and one thread.
 */
final class ThrottleGuard {
  private static final long POLL_NANOS = Measurement.BATCH_MILLIS * 1_000_000L;

  private final Supplier<Telemetry> sensors;
  private final Timer.Clock clock;
  private final Pause pause;
  private final Cancellation cancellation;
  private final long mostLostNanos;
  private final Map<String, Long> seen = new TreeMap<>();
  private boolean asked;
  private long looks;
  private long lostNanos;
  private long lostInARowNanos;
  private long throttledSamples;
  private boolean boundReached;
  private boolean idle;
  private String slowdown = "";

  /** Does nothing for a while, in nanoseconds; may return early. */
  @FunctionalInterface
  interface Pause {
    /** Sleeps, unless the thread is interrupted. */
    Pause SLEEP =
        nanos -> {
          try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        };

    void nanos(long nanos);
  }

  /**
   * Sets it up; asks nothing yet.
   *
   * @param sensors of the device
   * @param shareNanos time for measuring
   */
  ThrottleGuard(
      Supplier<Telemetry> sensors,
      long shareNanos,
      Timer.Clock clock,
      Pause pause,
      Cancellation cancellation) {
    this.sensors = sensors;
    this.clock = clock;
    this.pause = pause;
    this.cancellation = cancellation;
    this.mostLostNanos = (long) (Throttling.MOST_LOST * shareNanos);
  }

  /** Asks for the first time; where the device is slowed down, it gets a pause. */
  void begin() {
    look();
    if (throttled()) {
      recover(Long.MAX_VALUE);
    }
  }

  /** Whether it is worth asking: false once the device could not tell the first time. */
  boolean tells() {
    return !asked || looks > 0;
  }

  /**
   * Asks after a batch, and gives the device a pause where it needs one.
   *
   * @param batchNanos how long the batch took
   * @param leftNanos time that is left for measuring
   * @param samples how many the batch has
   * @return why they do not count; null when they do
   */
  @Nullable String after(long batchNanos, long leftNanos, int samples) {
    if (!tells()) {
      return null;
    }
    look();
    boolean slow = throttled();
    if ((slow || idle) && !boundReached && affordable(batchNanos)) {
      String why = slow ? Throttling.DISCARDED + slowdown : Throttling.AFTER_PAUSE;
      lose(batchNanos);
      idle = false;
      if (slow) {
        recover(leftNanos);
      }
      return why;
    }
    idle = false;
    lostInARowNanos = 0;
    if (slow) {
      boundReached = true;
      throttledSamples += samples;
    }
    return null;
  }

  /** Asks, and keeps the samples whatever the answer. */
  void mark(int samples) {
    if (tells()) {
      look();
      throttledSamples += throttled() ? samples : 0;
    }
  }

  /** Waits until the device has recovered, the time is over or the bound is reached. */
  private void recover(long leftNanos) {
    long left = leftNanos;
    while (throttled() && left > 0 && !cancellation.requested()) {
      long step = Math.min(POLL_NANOS, Math.min(left, affordable()));
      if (step <= 0) {
        boundReached = true;
        return;
      }
      long begin = clock.nanos();
      pause.nanos(step);
      look();
      // as long as it was meant to be at least, so that this ends on a clock that stands still
      long took = Math.max(step, clock.nanos() - begin);
      lose(took);
      left -= took;
      idle = true;
    }
  }

  private long affordable() {
    return Math.min(
        mostLostNanos - lostNanos, Throttling.MOST_LOST_IN_A_ROW_NANOS - lostInARowNanos);
  }

  private boolean affordable(long nanos) {
    return nanos <= affordable();
  }

  private void lose(long nanos) {
    lostNanos += nanos;
    lostInARowNanos += nanos;
  }

  private boolean throttled() {
    return !slowdown.isEmpty();
  }

  /** What is not known is no reason to discard anything. */
  private void look() {
    List<String> reasons = sensors.get().throttledBy();
    asked = true;
    slowdown = "";
    if (reasons != null) {
      looks++;
      for (String reason : reasons) {
        seen.merge(reason, 1L, Long::sum);
        if (Throttling.SLOWDOWNS.contains(reason)) {
          slowdown = slowdown.isEmpty() ? reason : slowdown + ", " + reason;
        }
      }
    }
  }

  /** What came of it; null where the device does not tell or was not asked. */
  @Nullable Throttling result() {
    return looks == 0
        ? null
        : new Throttling(
            looks, seen, Math.round(lostNanos / 1e6) / 1e3, throttledSamples, boundReached);
  }
}
