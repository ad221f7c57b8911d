// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlDevice.Clock;
import io.gpubench.gpu.NvmlException;
import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What NVML tells of a device while it is measured: its sensors, and who else uses it. Where there
 * is no NVML, or it does not answer, nothing is known, which is no reason not to measure. Confined
 * to the thread that opened it, which closes it.
 */
final class DeviceSensors implements AutoCloseable {
  private final @Nullable Nvml nvml;
  private final @Nullable NvmlDevice device;

  private DeviceSensors(@Nullable Nvml nvml, @Nullable NvmlDevice device) {
    this.nvml = nvml;
    this.device = device;
  }

  static DeviceSensors open(CudaDevice device) {
    Nvml nvml;
    try {
      nvml = Nvml.open();
    } catch (NativeException _) {
      return new DeviceSensors(null, null);
    }
    try {
      return new DeviceSensors(nvml, nvml.device(device.uuid()).orElse(null));
    } catch (NvmlException _) {
      return new DeviceSensors(nvml, null);
    }
  }

  /** Processes that have a context on the device, a line for each; this one too if it has. */
  List<String> occupants() {
    if (device == null) {
      return List.of();
    }
    try {
      return device.computeProcesses().orElse(List.of()).stream().map(Object::toString).toList();
    } catch (NvmlException _) {
      return List.of();
    }
  }

  Telemetry read() {
    NvmlDevice known = device;
    return known == null
        ? Telemetry.NONE
        : new Telemetry(
            number(known::temperatureCelsius, 1),
            number(known::powerMilliwatts, 1000),
            number(() -> known.clockMegahertz(Clock.MULTIPROCESSOR), 1),
            number(() -> known.clockMegahertz(Clock.MEMORY), 1),
            throttledBy(known));
  }

  private static @Nullable List<String> throttledBy(NvmlDevice device) {
    try {
      return device
          .clockEventReasons()
          .map(reasons ->
              reasons.stream()
                  .filter(ClockEventReason::throttling)
                  .map(ClockEventReason::word)
                  .toList())
          .orElse(null);
    } catch (NvmlException _) {
      return null;
    }
  }

  private static @Nullable Double number(Supplier<OptionalInt> sensor, double divisor) {
    try {
      OptionalInt number = sensor.get();
      return number.isPresent() ? number.getAsInt() / divisor : null;
    } catch (NvmlException _) {
      return null;
    }
  }

  @Override
  public void close() {
    if (nvml != null) {
      nvml.close();
    }
  }
}
