// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.measure.spi.Sensor;
import java.util.List;

/**
 * What all sensors of something said at one time.
 *
 * @param nanos when, by {@link System#nanoTime}
 */
record Snapshot(Watched watched, long nanos, List<Reading> readings) {
  Snapshot {
    readings = List.copyOf(readings);
  }

  /**
   * What a sensor said.
   *
   * @param value in the sensor's unit; {@link Double#NaN} where it said nothing
   * @param gap why it said nothing, a word of {@link io.gpubench.measure.spi.Sensors}; else empty
   */
  record Reading(Sensor sensor, double value, String gap) {
    boolean known() {
      return !Double.isNaN(value);
    }
  }
}
