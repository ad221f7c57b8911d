// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.telemetry.TelemetryPart.Beside;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whether reading the sensors disturbs samples: those during which a poll went on, against those
 * that went on for as long in the middle between two polls. A long sample is met more often by
 * both, so that its length favours neither.
 */
final class BesidePolls {
  /** Fewer have no interval of the median. */
  private static final int FEWEST = 6;

  private BesidePolls() {}

  /** Null where too few samples were met. */
  static @Nullable Beside of(Polls polls, SampleTimes samples) {
    var beside = new Met(samples);
    var between = new Met(samples);
    for (int poll = 1; poll < polls.count(); poll++) {
      long took = polls.tookNanos(poll);
      long at = polls.atNanos(poll);
      long endOfBefore = polls.atNanos(poll - 1) + polls.tookNanos(poll - 1);
      long middle = endOfBefore + (at - endOfBefore) / 2 - took / 2;
      if (middle > endOfBefore && middle + took < at) {
        between.meet(middle, middle + took);
      }
      beside.meet(at, at + took);
    }
    long[] one = beside.sorted();
    long[] other = between.sorted();
    if (one.length < FEWEST || other.length < FEWEST) {
      return null;
    }
    QuantileInterval of = QuantileInterval.of(one, 0.5, 1);
    QuantileInterval to = QuantileInterval.of(other, 0.5, 1);
    return new Beside(
        one.length,
        median(one) / median(other),
        over(of.lower(), to.upper()),
        over(of.upper(), to.lower()));
  }

  private static double median(long[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
  }

  private static @Nullable Double over(@Nullable Double one, @Nullable Double other) {
    return one == null || other == null ? null : (Double) (one / other);
  }

  /** Samples that were in progress in some stretches, which come in the order of time. */
  private static final class Met {
    private final SampleTimes samples;
    private long[] durations = new long[64];
    private int count;
    private int next;

    Met(SampleTimes samples) {
      this.samples = samples;
    }

    void meet(long from, long to) {
      while (next < samples.count() && samples.end(next) <= from) {
        next++;
      }
      int first = next;
      int last = next;
      while (last < samples.count() && samples.start(last) < to) {
        last++;
      }
      if (last == first) {
        return;
      }
      long[] met = new long[last - first];
      for (int i = 0; i < met.length; i++) {
        met[i] = samples.duration(first + i);
      }
      Arrays.sort(met);
      if (count == durations.length) {
        durations = Arrays.copyOf(durations, 2 * count);
      }
      durations[count++] = met[met.length / 2];
    }

    long[] sorted() {
      long[] sorted = Arrays.copyOf(durations, count);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
