// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.PreparedRun;

/**
 * Samples a prepared run in this process: stage, read the clock, execute, read the clock, verify.
 * Every sample is verified, and the first wrong answer ends the batch. All memory is allocated
 * before the first sample.
 *
 * <p>One loop serves one run and one thread. It owns neither.
 */
public final class SampleLoop implements Sampler {
  private final PreparedRun run;
  private final Timer.Clock clock;
  private final SampleBatch batch = new SampleBatch();
  private long endedAt;

  public SampleLoop(PreparedRun run) {
    this(run, Timer.Clock.SYSTEM);
  }

  SampleLoop(PreparedRun run, Timer.Clock clock) {
    this.run = run;
    this.clock = clock;
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    batch.clear();
    long begin = clock.nanos();
    long next = first;
    for (long keepFrom = first + discard; next < keepFrom; next++) {
      if (!sample(next, false)) {
        return batch;
      }
    }
    long most = Math.min(samples, SampleBatch.CAPACITY);
    while (sample(next, true) && batch.count() < most && endedAt - begin < nanos) {
      next++;
    }
    return batch;
  }

  /** One sample; false when its answer was wrong. */
  private boolean sample(long index, boolean keep) {
    run.stage(index);
    long before = clock.nanos();
    run.execute();
    endedAt = clock.nanos();
    if (!run.verify(index)) {
      batch.wrong("sample " + index + ": " + run.mismatch(index));
      return false;
    }
    batch.right();
    if (keep) {
      batch.add(before, endedAt - before);
    }
    return true;
  }
}
