// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;

/**
 * The CPUs that control groups grant at once on average: the smallest of their quotas. Without any
 * there is no reading.
 */
final class QuotaGauge extends Gauge {
  private final boolean apart;

  /**
   * Takes quotas.
   *
   * @param apart whether each quota is a file of its own and the next one is its period; else both
   *     stand in one
   */
  QuotaGauge(Sensor sensor, Opened opened, boolean apart) {
    super(sensor, opened);
    this.apart = apart;
  }

  @Override
  double value(KernelFile[] files) {
    double least = Double.POSITIVE_INFINITY;
    int step = apart ? 2 : 1;
    for (int i = 0; i + step <= files.length; i += step) {
      KernelFile periodFile = files[i + step - 1];
      if (!files[i].load() || (apart && !periodFile.load())) {
        return gap(Sensors.FAILED);
      }
      long quota = files[i].word(0); // "max" or -1 where there is none
      long period = periodFile.word(apart ? 0 : 1);
      if (quota > 0 && period > 0) {
        least = Math.min(least, (double) quota / period);
      }
    }
    return least == Double.POSITIVE_INFINITY ? gap(Sensors.NOT_SUPPORTED) : least;
  }
}
