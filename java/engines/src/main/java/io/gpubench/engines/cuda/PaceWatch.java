// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.EngineException;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Holds the device's clock against the host's for as long as a run lasts. Each mark is an event
 * between two readings of the host's clock; from the first mark to any other the host's time lies
 * within two bounds, however late the host was told, and so must the device's. Owns its events; its
 * creator closes it, on the context's thread.
 */
final class PaceWatch implements AutoCloseable {
  /** The clocks may differ by one part in so many, and by what single-precision times round. */
  private static final double TOLERANCE = 0.02;

  private static final double ROUNDING_NANOS = 1_000;

  private final CudaEvent first;
  private final CudaEvent latest;
  private final LongSupplier hostNanos;
  private boolean begun;
  private long firstFrom;
  private long firstTo;
  private long from;

  PaceWatch(CudaContext context, LongSupplier hostNanos) {
    this.hostNanos = hostNanos;
    first = context.newEvent();
    try {
      latest = context.newEvent();
    } catch (RuntimeException | Error failure) {
      first.close();
      throw failure;
    }
  }

  /** Enqueues a mark in a stream that does not come to it before this returns, or is idle. */
  void mark(CudaStream stream) {
    from = hostNanos.getAsLong();
    (begun ? latest : first).record(stream);
  }

  /**
   * When the mark is reached.
   *
   * @throws EngineException when the device's clock did not keep the host's pace since the first
   */
  void check() {
    long to = hostNanos.getAsLong();
    if (!begun) {
      begun = true;
      firstFrom = from;
      firstTo = to;
      return;
    }
    double device = latest.nanosSince(first);
    double least = Math.max(0, from - firstTo) * (1 - TOLERANCE) - ROUNDING_NANOS;
    double most = (to - firstFrom) * (1 + TOLERANCE) + ROUNDING_NANOS;
    if (device < least || device > most) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "the device's clock does not keep the host's pace any more: it counted %.3f s in %.3f to %.3f s",
              device / 1e9,
              (from - firstTo) / 1e9,
              (to - firstFrom) / 1e9));
    }
  }

  @Override
  public void close() {
    try (first) {
      latest.close();
    }
  }
}
