// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.util.Arrays;

/**
 * The energy that all packages of processors drew, by their counters of microjoules. A counter
 * begins anew at its range, after a quarter of an hour or more: it has to be read more often than
 * that.
 */
final class EnergyGauge extends Gauge {
  private static final double MICRO = 1e-6;

  private final long[] ranges;
  private final long[] previous;
  private double turnedOverMicrojoules;

  /**
   * Takes counters.
   *
   * @param ranges of each counter, in microjoules
   */
  EnergyGauge(Sensor sensor, Opened counters, long[] ranges) {
    super(sensor, counters);
    this.ranges = ranges.clone();
    this.previous = new long[ranges.length];
    Arrays.fill(previous, 0);
  }

  @Override
  double value(KernelFile[] counters) {
    double microjoules = 0;
    for (int i = 0; i < counters.length; i++) {
      if (!counters[i].load()) {
        return gap(Sensors.FAILED);
      }
      long now = counters[i].word(0);
      if (now < 0 || now > ranges[i]) {
        return gap(Sensors.SENTINEL);
      }
      if (now < previous[i]) {
        turnedOverMicrojoules += ranges[i];
      }
      previous[i] = now;
      microjoules += now;
    }
    return (turnedOverMicrojoules + microjoules) * MICRO;
  }
}
