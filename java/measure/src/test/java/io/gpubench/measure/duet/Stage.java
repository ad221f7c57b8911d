// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.Sampler;
import io.gpubench.measure.run.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** A clock, and samplers that take time on it: nothing but their samples passes. */
final class Stage implements Timer.Clock {
  /** Between two samples, for staging and verification. */
  private static final long BETWEEN_NANOS = 1_000;

  private static final int MOST_OF_SLICE = 256;

  long now = 1_000_000;

  /** Who was asked for a slice, in order: {@code a} or {@code b}. */
  final List<String> order = new ArrayList<>();

  @Override
  public long nanos() {
    return now;
  }

  Player player(String name, LongUnaryOperator durationAt) {
    return new Player(name, durationAt);
  }

  /** A sampler whose samples take as long as a function of the time says. */
  final class Player implements Sampler {
    private final String name;
    private final LongUnaryOperator durationAt;
    private final SampleBatch batch = new SampleBatch();
    final List<Integer> discards = new ArrayList<>();
    int slices;
    int failsAtSlice = Integer.MAX_VALUE;
    int wrongAtSlice = Integer.MAX_VALUE;
    int doubtfulAtSlice = Integer.MAX_VALUE;
    Runnable atSlice = () -> {};

    private Player(String name, LongUnaryOperator durationAt) {
      this.name = name;
      this.durationAt = durationAt;
    }

    @Override
    public SampleBatch take(long first, long samples, long nanos, int discard) {
      if (samples <= MOST_OF_SLICE) { // else it warms up
        order.add(name);
        discards.add(discard);
        slices++;
        atSlice.run();
      }
      if (slices >= failsAtSlice) {
        throw new EngineException(name + " is lost");
      }
      var starts = new ArrayList<Long>();
      var durations = new ArrayList<Long>();
      long begin = now;
      int taken = 0;
      do {
        long duration = durationAt.applyAsLong(now);
        if (taken++ >= discard) {
          starts.add(now);
          durations.add(duration);
        }
        now += duration + BETWEEN_NANOS;
      } while (durations.isEmpty()
          || (now - begin < nanos && durations.size() < Math.min(samples, SampleBatch.CAPACITY)));
      batch.set(
          starts.stream().mapToLong(x -> x).toArray(),
          durations.stream().mapToLong(x -> x).toArray(),
          null,
          taken,
          slices >= wrongAtSlice ? name + " is wrong" : null,
          slices >= doubtfulAtSlice ? name + " cannot be" : null,
          Map.of());
      return batch;
    }
  }
}
