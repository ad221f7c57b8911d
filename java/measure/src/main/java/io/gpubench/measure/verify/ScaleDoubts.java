// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.run.Measurement;
import java.util.List;
import java.util.Locale;

/** Doubts about samples that do not fill the time they are said to have taken. */
final class ScaleDoubts {
  /**
   * From the first sample to the last is nearly all of the time measured: before it comes the
   * staging of one, after it the check of one. Only a long pause at the very end can make it less,
   * and no pause is so many times longer than the rest.
   */
  private static final double LEAST_SHARE = 0.05;

  /** A busy machine may hold a process up for as long. */
  private static final double LONG_SECONDS = 0.5;

  private static final String INTERRUPTED =
      Measurement.Stop.INTERRUPTED.name().toLowerCase(Locale.ROOT);

  private ScaleDoubts() {}

  static List<Finding> of(MeasuredProcess process) {
    ProcessPart part = process.part();
    RawSamples samples = process.samples();
    int count = samples.count();
    double seconds = part.measureSeconds();
    if (!process.measured()
        || part.stop() == null
        || part.stop().equals(INTERRUPTED)
        || !part.discards().isEmpty() // what was not kept took time too
        || seconds < LONG_SECONDS
        || count < 2) {
      return List.of();
    }
    double span =
        ((double) samples.start(count - 1) + samples.duration(count - 1) - samples.start(0)) / 1e9;
    return span >= LEAST_SHARE * seconds
        ? List.of()
        : List.of(
            Finding.of(
                Flaw.UNITS,
                process.subject(),
                "from the first sample to the last are %.6f s, but it measured for %.3f s: these are not nanoseconds",
                span,
                seconds));
  }
}
