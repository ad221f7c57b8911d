// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlException;
import io.gpubench.gpu.NvmlSensor;
import io.gpubench.gpu.NvmlSensors;
import io.gpubench.gpu.NvmlSensors.Status;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.util.List;

/**
 * The sensors of a device that NVML knows. Owns the NVML that it was given, on its thread. Asks the
 * cheap ones again and again when it is made, so that later readings do not pay for code that is new
 * to the JVM: without that, the first hundred take several times as long as the others.
 */
final class DeviceReadings implements Sensors {
  private static final long WARM_UP_NANOS = 20_000_000;
  private static final int MOST_ROUNDS = 500;

  /** Nothing is gained by repeating what the driver needs so long for. */
  private static final long DEAR_NANOS = 200_000;

  private final Nvml nvml;
  private final NvmlSensors sensors;
  private final DeviceSensor[] readings;
  private final List<Sensor> all;

  DeviceReadings(Nvml nvml, NvmlSensors sensors, boolean simulated) {
    this.nvml = nvml;
    this.sensors = sensors;
    sensors.read(NvmlSensor.POWER_AVERAGE);
    this.readings = DeviceSensor.of(sensors.status().permanent()).toArray(DeviceSensor[]::new);
    this.all = DeviceSensor.described(readings, simulated);
    warmUp();
  }

  private void warmUp() {
    var dear = new boolean[readings.length];
    long begin = System.nanoTime();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (System.nanoTime() - begin > WARM_UP_NANOS) {
        return;
      }
      for (int i = 0; i < readings.length; i++) {
        if (!dear[i]) {
          long asked = System.nanoTime();
          read(i);
          dear[i] = round > 0 && System.nanoTime() - asked > DEAR_NANOS; // the first one links
        }
      }
    }
  }

  @Override
  public List<Sensor> all() {
    return all;
  }

  @Override
  public double read(int index) {
    return readings[index].read(sensors);
  }

  @Override
  public String gap() {
    return word(sensors.status());
  }

  private static String word(Status status) {
    return switch (status) {
      case READ -> "";
      case NOT_SUPPORTED -> NOT_SUPPORTED;
      case NO_PERMISSION -> NO_PERMISSION;
      case TOO_OLD -> TOO_OLD;
      case SENTINEL -> SENTINEL;
      case LOST -> LOST;
      case FAILED -> FAILED;
    };
  }

  @Override
  public void close() {
    close(nvml);
  }

  /** NVML that does not end well is no reason to fail. */
  static void close(Nvml nvml) {
    try {
      nvml.close();
    } catch (NvmlException _) {
      // nothing rests on it
    }
  }
}
