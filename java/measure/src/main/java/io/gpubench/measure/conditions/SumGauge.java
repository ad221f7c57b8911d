// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.nio.charset.StandardCharsets;

/** The sum of a number that stands in each of some files. */
final class SumGauge extends Gauge {
  private final byte[] key;
  private final int word;
  private final double unit;

  private SumGauge(Sensor sensor, Opened opened, byte[] key, int word, double unit) {
    super(sensor, opened);
    this.key = key;
    this.word = word;
    this.unit = unit;
  }

  /**
   * Of numbers that stand after a key.
   *
   * @param unit what 1 in the file is in the sensor's unit
   */
  static SumGauge after(String key, Sensor sensor, Opened opened, double unit) {
    return new SumGauge(sensor, opened, key.getBytes(StandardCharsets.US_ASCII), 0, unit);
  }

  /**
   * Of words of first lines.
   *
   * @param unit what 1 in the file is in the sensor's unit
   */
  static SumGauge word(int word, Sensor sensor, Opened opened, double unit) {
    return new SumGauge(sensor, opened, new byte[0], word, unit);
  }

  @Override
  double value(KernelFile[] files) {
    long sum = 0;
    for (KernelFile file : files) {
      if (!file.load()) {
        return gap(Sensors.FAILED);
      }
      long number = key.length == 0 ? file.word(word) : file.after(key);
      if (number == KernelFile.NONE) {
        return gap(Sensors.NOT_SUPPORTED); // the kernel writes other lines
      }
      if (number < 0) {
        return gap(Sensors.SENTINEL);
      }
      sum += number;
    }
    return sum * unit;
  }
}
