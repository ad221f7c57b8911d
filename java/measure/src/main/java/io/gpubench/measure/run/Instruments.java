// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Telemetry;

/**
 * The sensors of the device that is measured, as a {@link Measurement} uses them, on its thread and
 * between two batches. Whatever fails may throw a {@link io.gpubench.measure.BenchException}.
 */
@FunctionalInterface
public interface Instruments {
  /** A device without sensors. */
  Instruments NONE = () -> Telemetry.NONE;

  /** What they say now; takes some milliseconds at most. */
  Telemetry read();

  /** Warming up is over. */
  default void measuring() {}

  /** A batch is over. */
  default void between() {}
}
