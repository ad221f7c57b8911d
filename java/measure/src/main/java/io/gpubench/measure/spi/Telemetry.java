// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sensors of a device say at one moment. A sensor that is absent is null, never 0.
 *
 * @param temperatureCelsius of the chip
 * @param powerWatts that the device draws
 * @param clockMegahertz of its processors
 * @param memoryClockMegahertz of its memory
 * @param throttledBy why the device is slower than its settings ask for, a word each, such as
 *     {@code sw-thermal-slowdown}; empty when it is not; null when that is not known
 */
public record Telemetry(
    @Nullable Double temperatureCelsius,
    @Nullable Double powerWatts,
    @Nullable Double clockMegahertz,
    @Nullable Double memoryClockMegahertz,
    @Nullable List<String> throttledBy) {
  /** No sensor at all. */
  public static final Telemetry NONE = new Telemetry(null, null, null, null);

  public Telemetry {
    throttledBy = throttledBy == null ? null : List.copyOf(throttledBy);
  }

  /** Of a device that does not tell whether it is throttled. */
  public Telemetry(
      @Nullable Double temperatureCelsius,
      @Nullable Double powerWatts,
      @Nullable Double clockMegahertz,
      @Nullable Double memoryClockMegahertz) {
    this(temperatureCelsius, powerWatts, clockMegahertz, memoryClockMegahertz, null);
  }
}
