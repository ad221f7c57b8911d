// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.PreparedRun.Resolution;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What the clock of events is worth: its pace, held against the host's clock, and its steps.
 *
 * <p>The pace cannot be told from a kernel and the host's time around it, since the host learns of
 * the end late. Instead two events are recorded in an idle stream, each between two readings of the
 * host's clock; between the two a kernel spins. The host's time from one event to the other then
 * lies within two bounds, so the pace does too, however busy the host is.
 *
 * @param leastPace device time over host time, at least
 * @param mostPace the same, at most
 * @param resolution of the clock, and what an empty window shows
 */
record DeviceClock(double leastPace, double mostPace, Resolution resolution) {
  /** The two clocks may differ by one part in so many. */
  private static final double TOLERANCE = 0.02;

  /** The bounds of the pace are narrow enough. */
  private static final double NARROW = 0.004;

  private static final int ATTEMPTS = 6;
  private static final int MARKS = 8;
  private static final long FIRST_SPIN_NANOS = 4_000_000;
  private static final int READINGS = 65;
  private static final long FIRST_STEP_NANOS = 1_000;
  private static final long LONGEST_STEP_NANOS = 20_000_000;

  /**
   * Measures it, which takes some milliseconds. While the device is idle.
   *
   * @throws EngineException when the device's clock does not run as the host's does
   */
  static DeviceClock measure(TimingKernels kernels, CudaStream stream, StreamGate gate) {
    DeviceClock pace = pace(kernels, stream, System::nanoTime);
    return new DeviceClock(pace.leastPace, pace.mostPace, resolution(kernels, stream, gate));
  }

  /** The pace alone, by a clock of the host. */
  static DeviceClock pace(TimingKernels kernels, CudaStream stream, LongSupplier hostNanos) {
    DeviceClock best = null;
    try (var closer = new Closer()) {
      var before = new Mark(closer, kernels.context());
      var after = new Mark(closer, kernels.context());
      long spin = FIRST_SPIN_NANOS;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++, spin *= 2) {
        before.record(stream, hostNanos);
        kernels.spin(spin).enqueue(stream);
        stream.synchronize();
        after.record(stream, hostNanos);
        double device = after.event().nanosSince(before.event());
        long least = after.earliest() - before.latest();
        long most = after.latest() - before.earliest();
        var found =
            new DeviceClock(
                device / most,
                least <= 0 ? Double.POSITIVE_INFINITY : device / least,
                new Resolution(0, 0));
        if (best == null || found.width() < best.width()) {
          best = found;
        }
        if (best.width() <= NARROW) {
          break;
        }
      }
    }
    return Objects.requireNonNull(best).believed();
  }

  private double width() {
    return mostPace - leastPace;
  }

  /** Whether both clocks may run alike. */
  private DeviceClock believed() {
    if (mostPace <= 0) {
      throw new EngineException("the device's clock stands still: its events cannot time anything");
    }
    if (mostPace < 1 - TOLERANCE || leastPace > 1 + TOLERANCE) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "the device's clock runs at %.2f of the host's: what its events say is not believed",
              middle()));
    }
    return this;
  }

  /** The pace, as well as it is known. */
  double middle() {
    return Double.isInfinite(mostPace) ? leastPace : (leastPace + mostPace) / 2;
  }

  /** One of several events, each recorded in an idle stream: that for which the host took least. */
  private static final class Mark {
    private final CudaEvent[] events = new CudaEvent[MARKS];
    private final long[] from = new long[MARKS];
    private final long[] to = new long[MARKS];
    private int best;

    Mark(Closer closer, CudaContext context) {
      for (int i = 0; i < MARKS; i++) {
        events[i] = closer.closes(context.newEvent());
      }
    }

    void record(CudaStream stream, LongSupplier hostNanos) {
      best = 0;
      for (int i = 0; i < MARKS; i++) {
        from[i] = hostNanos.getAsLong();
        events[i].record(stream);
        events[i].synchronize();
        to[i] = hostNanos.getAsLong();
        if (to[i] - from[i] < to[best] - from[best]) {
          best = i;
        }
      }
    }

    CudaEvent event() {
      return events[best];
    }

    long earliest() {
      return from[best];
    }

    long latest() {
      return to[best];
    }
  }

  /** Events back to back, behind a held stream, so that the host does not come between them. */
  private static Resolution resolution(TimingKernels kernels, CudaStream stream, StreamGate gate) {
    try (var closer = new Closer()) {
      var events = new CudaEvent[READINGS];
      for (int i = 0; i < READINGS; i++) {
        events[i] = closer.closes(kernels.context().newEvent());
      }
      gate.hold(stream);
      for (CudaEvent event : events) {
        event.record(stream);
      }
      gate.release();
      stream.synchronize();
      double[] steps = new double[READINGS - 1];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = Math.max(0, events[i + 1].nanosSince(events[i]));
      }
      Arrays.sort(steps);
      double median = steps[steps.length / 2];
      double smallest = smallestStep(steps);
      for (long spin = FIRST_STEP_NANOS; smallest == 0; spin *= 2) {
        smallest = stepOver(kernels, stream, events, spin);
      }
      return new Resolution(Math.round(smallest), Math.round(median));
    }
  }

  /**
   * The smallest positive step, or difference of two steps, of which all are multiples of the
   * clock's; 0 when there is none. Less than a nanosecond is rounding.
   */
  static double smallestStep(double[] sorted) {
    double smallest = Double.POSITIVE_INFINITY;
    double last = 0;
    for (double step : sorted) {
      double difference = step - last;
      if (difference >= 1) {
        smallest = Math.min(smallest, difference);
        last = step;
      }
    }
    return Double.isInfinite(smallest) ? 0 : smallest;
  }

  /** For a clock so coarse that events back to back are at the same time. */
  private static double stepOver(
      TimingKernels kernels, CudaStream stream, CudaEvent[] events, long nanos) {
    if (nanos > LONGEST_STEP_NANOS) {
      throw new EngineException(
          "the device's clock does not advance within %,d ns".formatted(LONGEST_STEP_NANOS));
    }
    events[0].record(stream);
    kernels.spin(nanos).enqueue(stream);
    events[1].record(stream);
    stream.synchronize();
    return Math.max(0, events[1].nanosSince(events[0]));
  }
}
