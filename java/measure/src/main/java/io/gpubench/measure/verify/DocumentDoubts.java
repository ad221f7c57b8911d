// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.RunDocument;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All doubts about a run that need nothing but its document: order, dates, sensors and work. */
final class DocumentDoubts {
  private DocumentDoubts() {}

  /**
   * What cannot be; empty for an honest run, also for one that was interrupted, cut off or rescued.
   *
   * @param sealedAt what the manifest says; null without one
   * @param now nothing can be later, but for a day
   */
  static List<Finding> of(RunDocument run, @Nullable String sealedAt, Instant now) {
    return Stream.of(
            OrderDoubts.of(run),
            DateDoubts.of(run, sealedAt, now),
            SequenceDoubts.of(run),
            TelemetryDoubts.of(run),
            WorkDoubts.of(run))
        .flatMap(List::stream)
        .toList();
  }
}
