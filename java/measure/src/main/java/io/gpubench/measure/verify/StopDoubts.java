// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.MedianPrecision;
import java.util.List;
import java.util.Locale;
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
    return is(part, Stop.PRECISE) ? notPrecise(samples, nanos, rule) : null;
  }

  private static @Nullable String notPrecise(RawSamples samples, double nanos, StoppingRule rule) {
    int count = samples.count();
    if (count < rule.minSamples() || nanos < rule.minNanos()) {
      return String.format(
          Locale.ROOT,
          "it had to take %,d samples in %.3f s at least",
          rule.minSamples(),
          rule.minNanos() / 1e9);
    }
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
