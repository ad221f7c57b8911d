// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.stats.EntropyTrend;
import io.gpubench.measure.stats.MedianPrecision;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about why a process of a suite stopped: its stopping rule leaves no choice, so that who
 * leaves samples out contradicts it.
 */
final class StopDoubts {
  /** Spans are rounded to the millisecond. */
  private static final double ROUNDING_NANOS = 1e6;

  /** Logarithms may differ in the last digit from one machine to another. */
  private static final double ROUNDING = 1e-6;

  private StopDoubts() {}

  /**
   * What cannot be.
   *
   * @param subject what a finding is about
   */
  static List<Finding> of(String subject, ProcessPart part, RawSamples samples, StoppingRule rule) {
    String why = why(part, samples, rule);
    return why == null
        ? List.of()
        : List.of(
            Finding.of(
                Flaw.RECORD,
                subject,
                "it is said to have stopped for '%s', but %s",
                String.valueOf(part.stop()),
                why));
  }

  private static @Nullable String why(ProcessPart part, RawSamples samples, StoppingRule rule) {
    int count = samples.count();
    double nanos = 1e9 * part.measureSeconds() + ROUNDING_NANOS;
    if (count > rule.maxSamples()) {
      return String.format(
          Locale.ROOT, "took %,d samples of %,d at most", count, rule.maxSamples());
    }
    if (is(part, Stop.SAMPLES) && count != rule.maxSamples()) {
      return String.format(
          Locale.ROOT, "its samples are %,d, and it had to take %,d", count, rule.maxSamples());
    }
    if (is(part, Stop.TIME) && nanos < rule.maxNanos()) {
      return String.format(
          Locale.ROOT,
          "it measured for %.3f s, and had %.3f s",
          part.measureSeconds(),
          rule.maxNanos() / 1e9);
    }
    if (is(part, Stop.PRECISE)) {
      String early = early(Criterion.PRECISION, count, nanos, rule);
      return early == null ? notPrecise(samples, rule) : early;
    }
    if (is(part, Stop.ENTROPY)) {
      String early = early(Criterion.ENTROPY, count, nanos, rule);
      return early == null ? notFlat(samples, rule) : early;
    }
    return null;
  }

  /** Why it cannot have stopped by a criterion yet, or at all; null when it can. */
  private static @Nullable String early(
      Criterion criterion, int count, double nanos, StoppingRule rule) {
    if (rule.criterion() != criterion) {
      return "its rule is '%s'".formatted(rule.criterion().word());
    }
    return count < rule.minSamples() || nanos < rule.minNanos()
        ? String.format(
            Locale.ROOT,
            "it had to take %,d samples in %.3f s at least",
            rule.minSamples(),
            rule.minNanos() / 1e9)
        : null;
  }

  /** The samples are known in their order, so that the entropies are, which it looked at. */
  private static @Nullable String notFlat(RawSamples samples, StoppingRule rule) {
    EntropyTrend.Limits limits = Objects.requireNonNull(rule.entropy());
    var trend = new EntropyTrend(limits);
    for (long duration : samples.durations()) {
      trend.add(duration);
    }
    if (trend.flat(ROUNDING)) {
      return null;
    }
    return trend.fits()
        ? String.format(
            Locale.ROOT,
            "its entropy changes by %.6f bits while the samples double, and is %.6f bits off that line; it had to by %s and %s at most",
            trend.fit().slope(),
            trend.fit().residual(),
            limits.maxSlope(),
            limits.maxResidual())
        : "its samples are too few for that";
  }

  private static @Nullable String notPrecise(RawSamples samples, StoppingRule rule) {
    int count = samples.count();
    double reached = new MedianPrecision(count).relativeHalfWidth(samples.durations(), count);
    return reached <= rule.relativePrecision() * (1 + ROUNDING)
        ? null
        : String.format(
            Locale.ROOT,
            "its median is known to %.6f, and had to be to %.6f",
            reached,
            rule.relativePrecision());
  }

  private static boolean is(ProcessPart part, Stop stop) {
    return stop.name().toLowerCase(Locale.ROOT).equals(part.stop());
  }
}
