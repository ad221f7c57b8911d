// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;

/**
 * A sensor and how it is asked.
 *
 * @param readNanos what one reading cost when it was opened, in nanoseconds
 * @param pace how often it is asked, for that cost
 */
public record Column(Sensor sensor, long readNanos, Pace pace) {
  /** How often a sensor is asked. */
  public enum Pace {
    /** At every poll. */
    EACH,
    /** Once a second. */
    SECOND,
    /** At the beginning and at the end. */
    ENDS,
    /** Never: it has no reading, or one would cost too much. */
    NEVER
  }
}
