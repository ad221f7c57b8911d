// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;

/**
 * What several like sensors say together, each in thousandths of the unit: the highest of them, or
 * their mean. One that says what cannot be does not count.
 */
final class LevelGauge extends Gauge {
  /** What becomes of several readings. */
  enum Of {
    HIGHEST,
    MEAN
  }

  private static final double THOUSANDTH = 1e-3;

  private final Of of;
  private final double least;
  private final double most;

  /**
   * Takes sensors.
   *
   * @param least what a reading has to be above
   * @param most what it can be at most
   */
  LevelGauge(Sensor sensor, Opened opened, Of of, double least, double most) {
    super(sensor, opened);
    this.of = of;
    this.least = least;
    this.most = most;
  }

  @Override
  double value(KernelFile[] files) {
    int count = 0;
    boolean said = false;
    double sum = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (KernelFile file : files) {
      long number = file.load() ? file.word(0) : KernelFile.NONE;
      said |= number != KernelFile.NONE;
      double value = number * THOUSANDTH;
      if (number != KernelFile.NONE && value > least && value <= most) {
        count++;
        sum += value;
        highest = Math.max(highest, value);
      }
    }
    if (count == 0) {
      return gap(said ? Sensors.SENTINEL : Sensors.FAILED);
    }
    return of == Of.HIGHEST ? highest : sum / count;
  }
}
