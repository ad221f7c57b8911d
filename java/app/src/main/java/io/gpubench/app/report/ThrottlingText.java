// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Throttling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a device said of being throttled while a record was measured, in one line. */
final class ThrottlingText {
  private ThrottlingText() {}

  /** The reasons, and what came of them where anything did. */
  static String of(ResultRecord record) {
    var text = new StringBuilder(String.join(", ", record.throttledBy()));
    List<Throttling> told =
        record.processes().stream().map(ProcessPart::throttling).filter(Objects::nonNull).toList();
    long discarded = record.processes().stream().mapToLong(ThrottlingText::discarded).sum();
    double lost = told.stream().mapToDouble(Throttling::lostSeconds).sum();
    if (lost > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; %,d samples were discarded, and %.1f s went to that and to pauses",
              discarded,
              lost));
    }
    long kept = told.stream().mapToLong(Throttling::throttledSamples).sum();
    if (kept > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; %,d of %,d samples were taken while it was slowed down%s",
              kept,
              record.sampleCount(),
              told.stream().anyMatch(Throttling::boundReached)
                  ? ", and kept, since it did not recover in time"
                  : ""));
    }
    return text.toString();
  }

  private static long discarded(ProcessPart part) {
    return part.discards().entrySet().stream()
        .filter(one ->
            one.getKey().startsWith(Throttling.DISCARDED)
                || one.getKey().equals(Throttling.AFTER_PAUSE))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
