// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a device that can tell said about being throttled while one process measured.
 *
 * @param looks how often it was asked and answered
 * @param seen how often each reason was given, in alphabetical order; empty for none
 * @param lostSeconds time that went to batches that were discarded for it and to pauses in which
 *     the device could recover
 * @param throttledSamples samples that were kept although the device was slowed down when their
 *     batch ended, since the bound for discarding was reached or, in a duet, both sides meet the
 *     same
 * @param boundReached whether so much time was lost that nothing more was discarded
 */
public record Throttling(
    long looks,
    Map<String, Long> seen,
    double lostSeconds,
    long throttledSamples,
    boolean boundReached) {
  /**
   * Reasons for which samples are discarded: the device is too hot, or its hardware steps in. That
   * the driver keeps to the power limit is the normal state of a device at full load.
   */
  public static final Set<String> SLOWDOWNS =
      Set.of(
          "sw-thermal-slowdown", "hw-slowdown", "hw-thermal-slowdown", "hw-power-brake-slowdown");

  /** How discards for such a reason begin, in {@link Samples#discards}. */
  public static final String DISCARDED = "throttled: ";

  /** Discards that followed upon a pause, until the device was busy again. */
  public static final String AFTER_PAUSE = "warm-up after a pause";

  /** At most this share of the time for measuring may be lost. */
  public static final double MOST_LOST = 0.25;

  /** At most so much time may be lost before a batch is kept again, in nanoseconds. */
  public static final long MOST_LOST_IN_A_ROW_NANOS = 5_000_000_000L;

  public Throttling {
    seen = Collections.unmodifiableMap(new TreeMap<>(seen));
  }
}
