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

/** The sensors of a device that NVML knows. Owns the NVML that it was given, on its thread. */
final class DeviceReadings implements Sensors {
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
