// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.PreparedRun;
import org.jspecify.annotations.Nullable;

/**
 * The sample loop of a run whose engine times the samples: queue a group, let it run, read what its
 * clock says, verify each. What the engine says is held against the host's clock: a group cannot
 * have taken longer than the host waited for it. That it took much shorter proves nothing here,
 * where a busy host may wake late; an engine that knows when its groups end compares their
 * distance.
 *
 * <p>One loop serves one run and one thread.
 */
final class QueuedLoop {
  /** Beyond what both clocks should agree in: their drift, and that each has steps. */
  private static final long SLACK_NANOS = 50_000;

  private static final int DRIFT = 50; // one part in so many

  private final PreparedRun.Queued run;
  private final Timer.Clock clock;

  QueuedLoop(PreparedRun.Queued run, Timer.Clock clock) {
    this.run = run;
    this.clock = clock;
  }

  /** As {@link Sampler#take}. */
  void take(SampleBatch batch, long first, long most, long nanos, int discard) {
    long begin = clock.nanos();
    long next = first;
    long keepFrom = first + discard;
    do {
      long wanted = most - batch.count() + Math.max(0, keepFrom - next);
      int size = (int) Math.min(run.groupSize(), wanted);
      if (!group(batch, next, size, keepFrom)) {
        return;
      }
      next += size;
      // what was only to be discarded is no sample yet
    } while (next <= keepFrom || (batch.count() < most && clock.nanos() - begin < nanos));
  }

  /** One group; false when the batch ends with it. */
  private boolean group(SampleBatch batch, long first, int size, long keepFrom) {
    for (int i = 0; i < size; i++) {
      run.queue(first + i);
    }
    long released = clock.nanos();
    String wasted = run.await();
    long waited = clock.nanos() - released;
    if (wasted == null) {
      String doubt = doubt(size, waited);
      if (doubt != null) {
        batch.doubt(doubt);
        return false;
      }
    }
    for (int i = 0; i < size; i++) {
      long sample = first + i;
      if (!run.verify(sample)) {
        batch.wrong("sample " + sample + ": " + run.mismatch(sample));
        return false;
      }
      batch.right();
      if (wasted == null && sample >= keepFrom) {
        batch.add(released + run.startNanos(i), run.durationNanos(i));
      }
    }
    if (wasted != null) {
      batch.discard(wasted, size);
    }
    return true;
  }

  /** Why the engine's clock cannot be right; null when it can. */
  private @Nullable String doubt(int size, long waited) {
    long span = run.spanNanos();
    long end = run.startNanos(size - 1) + run.durationNanos(size - 1);
    if (end > span) {
      return "by the engine's clock the last of a group of samples ended after %,d ns, and the group after %,d ns"
          .formatted(end, span);
    }
    if (span > waited + waited / DRIFT + SLACK_NANOS) {
      return "by the engine's clock a group of samples took %,d ns, but the host waited for %,d ns"
          .formatted(span, waited);
    }
    return null;
  }
}
