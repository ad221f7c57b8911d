// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.PreparedRun;
import org.jspecify.annotations.Nullable;

/**
 * Samples a prepared run in this process: stage, read the clock, execute, read the clock, verify.
 * Every sample is verified, and the first wrong answer ends the batch. All memory is allocated
 * before the first sample.
 *
 * <p>One loop serves one run and one thread. It owns neither.
 */
public final class SampleLoop implements Sampler {
  private final PreparedRun run;
  private final PreparedRun.@Nullable Paired paired;
  private final @Nullable QueuedLoop queued;
  private final Timer.Clock clock;
  private final @Nullable Slowdown slowdown;
  private final SampleBatch batch = new SampleBatch();
  private long endedAt;

  public SampleLoop(PreparedRun run) {
    this(run, Timer.Clock.SYSTEM);
  }

  SampleLoop(PreparedRun run, Timer.Clock clock) {
    this(run, clock, null);
  }

  /**
   * Samples a run that is to be slower than it is.
   *
   * @param slowdown of each sample, not of its baseline; null for none
   * @throws io.gpubench.measure.ConfigException when there is one and the clock is not the host's
   */
  SampleLoop(PreparedRun run, Timer.Clock clock, @Nullable Slowdown slowdown) {
    if (slowdown != null) {
      Slowdown.check(run.clock());
    }
    this.run = run;
    this.clock = clock;
    this.slowdown = slowdown;
    paired = run instanceof PreparedRun.Paired both ? both : null;
    queued = run instanceof PreparedRun.Queued groups ? new QueuedLoop(groups, clock) : null;
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    batch.clear();
    long most = Math.min(samples, SampleBatch.CAPACITY);
    if (queued != null) {
      queued.take(batch, first, most, nanos, discard);
      return batch;
    }
    long begin = clock.nanos();
    long next = first;
    for (long keepFrom = first + discard; next < keepFrom; next++) {
      if (!sample(next, false)) {
        return batch;
      }
    }
    while (sample(next, true) && batch.count() < most && endedAt - begin < nanos) {
      next++;
    }
    return batch;
  }

  /** One sample; false when its answer was wrong. */
  private boolean sample(long index, boolean keep) {
    if (paired != null) {
      return sample(paired, index, keep);
    }
    run.stage(index);
    long before = clock.nanos();
    run.execute();
    endedAt = clock.nanos();
    slowDown(before);
    if (!right(run.verify(index), index)) {
      return false;
    }
    if (keep) {
      batch.add(before, endedAt - before);
    }
    return true;
  }

  /** One sample and its baseline; which one comes first alternates. */
  private boolean sample(PreparedRun.Paired both, long index, boolean keep) {
    boolean baselineFirst = index % 2 != 0;
    long baseline = baselineFirst ? baseline(both, index) : 0;
    run.stage(index);
    long before = clock.nanos();
    run.execute();
    endedAt = clock.nanos();
    slowDown(before);
    long duration = endedAt - before;
    boolean right = run.verify(index);
    if (!baselineFirst) {
      baseline = baseline(both, index);
    }
    if (!right(right && baseline >= 0, index)) {
      return false;
    }
    if (keep) {
      batch.add(before, duration, baseline);
    }
    return true;
  }

  /**
   * Where that is asked for, the timed window goes on until the sample is as slow as it is to be.
   */
  private void slowDown(long before) {
    if (slowdown != null) {
      endedAt = slowdown.spin(before, endedAt, clock);
    }
  }

  /** How long the baseline took, in nanoseconds; negative when its answer was wrong. */
  private long baseline(PreparedRun.Paired both, long index) {
    both.stage(index);
    long before = clock.nanos();
    both.executeBaseline();
    endedAt = clock.nanos();
    return both.verifyBaseline(index) ? endedAt - before : -1;
  }

  private boolean right(boolean right, long index) {
    if (right) {
      batch.right();
    } else {
      batch.wrong("sample " + index + ": " + run.mismatch(index));
    }
    return right;
  }
}
