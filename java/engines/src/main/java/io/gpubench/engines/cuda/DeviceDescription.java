// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a record says of a device. What neither CUDA nor NVML tells is left out. */
final class DeviceDescription {
  private DeviceDescription() {}

  static Map<String, Object> of(CudaDevice device) {
    var map = new LinkedHashMap<String, Object>();
    map.put("index", (long) device.index());
    map.put("name", device.name());
    map.put("uuid", device.uuid());
    map.put("pciBusId", device.pciBusId());
    map.put("computeCapability", device.computeCapability().toString());
    map.put("multiprocessors", (long) device.multiprocessors());
    map.put("memoryBytes", device.memoryBytes());
    putKnown(map, "l2Bytes", device.l2Bytes());
    putKnown(map, "clockKilohertz", device.clockKilohertz());
    putKnown(map, "memoryClockKilohertz", device.memoryClockKilohertz());
    putKnown(map, "memoryBusBits", device.memoryBusBits());
    try (var nvml = Nvml.open()) {
      map.put("driver", nvml.driverVersion());
      nvml.device(device.uuid()).ifPresent(same -> settings(map, same));
    } catch (NativeException e) {
      map.put("nvml", "not available: " + e.getMessage());
    }
    return map;
  }

  private static void putKnown(Map<String, Object> map, String key, int value) {
    if (value > 0) {
      map.put(key, (long) value);
    }
  }

  private static void settings(Map<String, Object> map, NvmlDevice device) {
    device.vbiosVersion().ifPresent(version -> map.put("vbios", version));
    device.eccEnabled().ifPresent(on -> map.put("ecc", on));
    device.divided().ifPresent(on -> map.put("mig", on));
    device.persistent().ifPresent(on -> map.put("persistenceMode", on));
    device.powerLimitMilliwatts().ifPresent(limit -> map.put("powerLimitMilliwatts", (long) limit));
    device.maxPcieLink().ifPresent(link -> map.put("maxPcieLink", text(link)));
    device.pcieLink().ifPresent(link -> map.put("pcieLinkAtStart", text(link)));
    for (NvmlDevice.Clock clock : NvmlDevice.Clock.values()) {
      String name = clock.name().toLowerCase(Locale.ROOT);
      device
          .maxClockMegahertz(clock)
          .ifPresent(most -> map.put("maxClockMegahertz." + name, (long) most));
      device
          .clockMegahertz(clock)
          .ifPresent(now -> map.put("clockMegahertzAtStart." + name, (long) now));
    }
    device
        .temperatureCelsius()
        .ifPresent(degrees -> map.put("temperatureCelsiusAtStart", (long) degrees));
    device.powerMilliwatts().ifPresent(power -> map.put("powerMilliwattsAtStart", (long) power));
    device
        .utilization()
        .ifPresent(busy -> map.put("kernelPercentAtStart", (long) busy.kernelPercent()));
    device
        .clockEventReasons()
        .ifPresent(
            reasons -> map.put("clockReasonsAtStart", reasons.stream().map(Enum::name).toList()));
  }

  private static String text(NvmlDevice.PcieLink link) {
    return "generation %d x%d".formatted(link.generation(), link.lanes());
  }
}
