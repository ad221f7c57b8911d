// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Throttling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is under-sampled, in numbers: what is missing, and what would have been needed. One
 * place derives it, for who measures and for who verifies.
 */
public final class Shortfall {
  private static final String MEASURED = new Outcome.Measured().word();
  private static final String[] UNITS = {"ns", "us", "ms"};
  private static final double SECOND = 1e9;
  private static final int FIGURES = 3;

  private Shortfall() {}

  /**
   * One line; null where nothing is missing.
   *
   * @param parts the processes of the record
   * @param repetitions how many were planned
   * @param rule of each process
   */
  public static @Nullable String of(List<ProcessPart> parts, int repetitions, StoppingRule rule) {
    var missing = new ArrayList<String>();
    long complete = parts.stream().filter(part -> part.outcome().equals(MEASURED)).count();
    if (complete < repetitions) {
      missing.add("%,d of %,d processes measured".formatted(complete, repetitions));
    }
    List<ProcessPart> sampled = parts.stream().filter(part -> part.statistics() != null).toList();
    sampled.stream()
        .min(Comparator.comparingLong(ProcessPart::sampleCount))
        .filter(part -> part.sampleCount() < rule.minSamples())
        .ifPresent(part -> missing.add(tooFew(part, rule)));
    sampled.stream()
        .min(Comparator.comparingDouble(ProcessPart::measureSeconds))
        .filter(part -> part.measureSeconds() < RecordSummary.SHORTEST_SECONDS)
        .ifPresent(part ->
            missing.add(
                "process %d measured for %s, and under %s say little"
                    .formatted(
                        part.repetition(),
                        time(part.measureSeconds() * SECOND),
                        time(RecordSummary.SHORTEST_SECONDS * SECOND))));
    return missing.isEmpty() ? null : String.join("; ", missing);
  }

  private static String tooFew(ProcessPart part, StoppingRule rule) {
    String what =
        String.format(
            Locale.ROOT,
            "process %d took %,d of %,d samples",
            part.repetition(),
            part.sampleCount(),
            rule.minSamples());
    if (is(part, Stop.INTERRUPTED)) {
      return what + " when it was asked to stop";
    }
    if (!is(part, Stop.TIME)) {
      return what;
    }
    Throttling throttling = part.throttling();
    double lost = throttling == null ? 0 : throttling.lostSeconds();
    double each =
        Math.max(0, part.measureSeconds() - lost) * SECOND / (part.sampleCount() + others(part));
    String why =
        String.format(
            Locale.ROOT,
            "%s: a sample takes %s with staging and verification, so %,d take %s; its share is %s",
            what,
            time(each),
            rule.minSamples(),
            time(each * rule.minSamples()),
            time((double) rule.maxNanos()));
    return lost == 0
        ? why
        : why + ", of which " + time(lost * SECOND) + " went to discards and pauses for throttling";
  }

  /** Samples that were discarded for another reason than throttling. */
  private static long others(ProcessPart part) {
    return part.discards().entrySet().stream()
        .filter(one ->
            !one.getKey().startsWith(Throttling.DISCARDED)
                && !one.getKey().equals(Throttling.AFTER_PAUSE))
        .mapToLong(one -> one.getValue())
        .sum();
  }

  private static boolean is(ProcessPart part, Stop stop) {
    return stop.name().toLowerCase(Locale.ROOT).equals(part.stop());
  }

  /** Three figures and a unit: {@code 12.3 ms}. */
  private static String time(double nanos) {
    double value = nanos;
    for (String unit : UNITS) {
      if (value < 999.5) {
        return figures(value) + " " + unit;
      }
      value /= 1e3;
    }
    return figures(value) + " s";
  }

  private static String figures(double value) {
    if (value >= 99.5) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int whole = value >= 10 ? 2 : 1;
    return BigDecimal.valueOf(value)
        .setScale(FIGURES - whole, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
