// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.stats.EntropyTrend;
import io.gpubench.measure.stats.MedianPrecision;
import org.jspecify.annotations.Nullable;

/**
 * Whether the samples so far are enough, by the criterion of a rule. It looks first at the rule's
 * fewest samples, and then whenever their number has grown by an eighth: fewer than 110 times, so
 * that what a look costs, which may grow with the samples, stays a constant for each sample. All
 * memory is allocated at construction. For one measurement and one thread.
 */
final class Stopper {
  private static final int FIRST = 64;
  private static final int GROWTH = 8;

  private final StoppingRule rule;
  private final @Nullable MedianPrecision precision;
  private final @Nullable EntropyTrend trend;
  private long next;

  Stopper(StoppingRule rule) {
    this.rule = rule;
    precision =
        rule.criterion() == StoppingRule.Criterion.PRECISION
            ? new MedianPrecision(Math.toIntExact(rule.maxSamples()))
            : null;
    trend =
        rule.criterion() == StoppingRule.Criterion.ENTROPY && rule.entropy() != null
            ? new EntropyTrend(rule.entropy())
            : null;
    next = precision == null && trend == null ? Long.MAX_VALUE : Math.max(FIRST, rule.minSamples());
  }

  /** How many samples more it is worth taking before the next look, at least 1. */
  long until(int count) {
    return next > count ? next - count : Long.MAX_VALUE;
  }

  /**
   * Why measuring may end; null when it has to go on.
   *
   * @param elapsedNanos time since measuring began
   */
  @Nullable Stop look(Samples samples, long elapsedNanos) {
    int count = samples.count();
    if (count < next || elapsedNanos < rule.minNanos()) {
      return null;
    }
    next = count + count / GROWTH + 1L;
    if (precision != null
        && precision.relativeHalfWidth(samples.durationArray(), count)
            <= rule.relativePrecision()) {
      return Stop.PRECISE;
    }
    return trend != null && flat(trend, samples) ? Stop.ENTROPY : null;
  }

  private static boolean flat(EntropyTrend trend, Samples samples) {
    for (int i = (int) trend.count(); i < samples.count(); i++) {
      trend.add(samples.durationNanos(i));
    }
    return trend.flat();
  }
}
