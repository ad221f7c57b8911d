// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import org.jspecify.annotations.Nullable;

/**
 * Launches by the clock {@code batch}: {@link System#nanoTime} before the first piece of a sample
 * and after the last one. A group is one sample.
 */
final class LaunchBatch extends LaunchRun implements PreparedRun.Queued {
  private long durationNanos;

  LaunchBatch(Launch launch, ParameterValues values, int pieces, LaunchKernels kernels) {
    super(launch, values, pieces, kernels);
  }

  @Override
  public Clock clock() {
    return Clock.BATCH;
  }

  @Override
  public int groupSize() {
    return 1;
  }

  @Override
  public void queue(long sample) {
    stage(sample);
  }

  @Override
  public @Nullable String await() {
    long begin = System.nanoTime();
    execute();
    durationNanos = System.nanoTime() - begin;
    return null;
  }

  @Override
  public long spanNanos() {
    return durationNanos;
  }

  @Override
  public long startNanos(int index) {
    return 0;
  }

  @Override
  public long durationNanos(int index) {
    return durationNanos;
  }
}
