// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.NativeException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.Map;

/**
 * What the driver and NVML tell of a device, whoever runs kernels on it. Confined to the thread
 * that opened it, which closes it.
 */
public final class DeviceFacts implements AutoCloseable {
  static final String FIRST_DEVICE = "0";

  private final CudaDevice device;
  private final DeviceSensors sensors;
  private final List<String> occupants;

  private DeviceFacts(CudaDevice device) {
    this.device = device;
    sensors = DeviceSensors.open(device);
    try {
      occupants = sensors.occupants();
    } catch (RuntimeException | Error failure) {
      sensors.close();
      throw failure;
    }
  }

  /** Asks for them before this process has a context on the device, so as not to find itself. */
  static DeviceFacts of(CudaDevice device) {
    return new DeviceFacts(device);
  }

  /**
   * Opens the driver for them, that of the simulated device if that is meant.
   *
   * @param selector the device's index or UUID, or {@link CudaEngine#SIMULATOR}
   * @throws EngineException when there is no driver or no such device
   */
  public static DeviceFacts open(String selector) {
    try {
      return of(
          selector.equals(CudaEngine.SIMULATOR)
              ? CudaDriver.openSimulator().device(FIRST_DEVICE)
              : CudaDriver.open().device(selector));
    } catch (NativeException e) {
      throw CudaEngine.unavailable(e);
    }
  }

  /** The device itself. */
  public CudaDevice device() {
    return device;
  }

  /** For {@link Session#description}. */
  public Map<String, Object> description() {
    return DeviceDescription.of(device);
  }

  /** {@link Session#deviceId}. */
  public String id() {
    return CudaEngine.deviceId(device);
  }

  /** {@link Session#occupants}. */
  public List<String> occupants() {
    return occupants;
  }

  /** {@link Session#telemetry}. */
  public Telemetry telemetry() {
    return sensors.read();
  }

  /** {@link Session#sensors}. */
  public Sensors.Source sensors() {
    return NvmlSource.of(device.uuid(), device.simulated());
  }

  /**
   * {@link Session#physicalOperationsPerSecond}. Generous: an operation on 64 bits in each lane of
   * each multiprocessor in every cycle, though most take two instructions.
   */
  public double operationsPerSecond() {
    return device.simulated() || device.clockKilohertz() <= 0 // not every driver tells
        ? Double.POSITIVE_INFINITY
        : DeviceTestimony.operationsPerSecond(device.multiprocessors(), device.clockKilohertz());
  }

  /** {@link Session#bounds}. */
  public Map<String, Double> bounds() {
    return device.simulated() ? Map.of() : CudaBounds.of(description());
  }

  @Override
  public void close() {
    sensors.close();
  }
}
