// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.util.List;
import java.util.Objects;

/**
 * The sensors of a device of which nothing can be learned, all for the same reason. Owns nothing.
 *
 * @param gap the word for it
 */
record MissingSensors(String gap, List<Sensor> all) implements Sensors {
  MissingSensors(String gap, boolean simulated) {
    this(
        gap,
        DeviceSensor.described(
            DeviceSensor.of(false).toArray(DeviceSensor[]::new), simulated));
  }

  @Override
  public double read(int index) {
    Objects.checkIndex(index, all.size());
    return Double.NaN;
  }

  @Override
  public void close() {}
}
