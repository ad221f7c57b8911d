// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RunDocument;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Dates, and how long things took, in seconds by the clock that is never set. */
final class Spans {
  /** Whatever a document says, spans are no longer, so that they can be added to dates. */
  private static final double LONGEST_SECONDS = 1e10;

  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private Spans() {}

  /** A date since 1970, where clocks begin that nobody has set; null for anything else. */
  static @Nullable Instant date(String text) {
    try {
      Instant date = Instant.parse(text);
      return date.isBefore(Instant.EPOCH) || date.isAfter(LATEST) ? null : date;
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  /** From the start of a process until its last sample. */
  static double of(ProcessPart part) {
    return beforeMeasuring(part) + measuring(part);
  }

  static double measuring(ProcessPart part) {
    return seconds(part.measureSeconds());
  }

  static double beforeMeasuring(ProcessPart part) {
    return seconds(part.startSeconds())
        + seconds(part.coolDownSeconds())
        + seconds(part.prepareSeconds())
        + warming(part);
  }

  static double warming(ProcessPart part) {
    ProcessPart.WarmupPart warmup = part.warmup();
    return warmup == null ? 0 : seconds(warmup.seconds());
  }

  private static double seconds(double seconds) {
    return seconds > 0 ? Math.min(seconds, LONGEST_SECONDS) : 0;
  }

  /** Whether two processes measure at a time. */
  static boolean duet(RunDocument run) {
    return run.duets() != null;
  }

  /** Whether this is the copy of a run whose store failed, for which no time was taken. */
  static boolean rescued(RunDocument run) {
    Double elapsed = run.elapsedSeconds();
    return elapsed != null && elapsed == 0 && run.status().equals(RunDocument.FAILED);
  }
}
