// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import org.jspecify.annotations.Nullable;

/**
 * What the sensors of a device say at one moment. A sensor that is absent is null, never 0.
 *
 * @param temperatureCelsius of the chip
 * @param powerWatts that the device draws
 * @param clockMegahertz of its processors
 * @param memoryClockMegahertz of its memory
 */
public record Telemetry(
    @Nullable Double temperatureCelsius,
    @Nullable Double powerWatts,
    @Nullable Double clockMegahertz,
    @Nullable Double memoryClockMegahertz) {
  /** No sensor at all. */
  public static final Telemetry NONE = new Telemetry(null, null, null, null);
}
