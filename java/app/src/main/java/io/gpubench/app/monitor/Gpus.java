// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The GPUs that NVML knows, by its numbers, which are those of nvidia-smi. Needs no CUDA. */
public final class Gpus {
  private Gpus() {}

  /**
   * All of them.
   *
   * @param host this machine's name
   * @param simulated whether they are the simulated device
   * @throws NativeException when there is no NVML, or it does not tell
   */
  public static List<Watched> all(String host, boolean simulated) {
    try (var nvml = Nvml.open()) {
      return IntStream.range(0, nvml.count())
          .mapToObj(index -> watched(nvml, index, host, simulated))
          .toList();
    }
  }

  private static Watched watched(Nvml nvml, int index, String host, boolean simulated) {
    var labels = new LinkedHashMap<String, String>();
    labels.put("gpu", Integer.toString(index));
    NvmlDevice device = known(() -> nvml.device(index));
    String name = device == null ? null : known(() -> device.name().orElse(null));
    String uuid = device == null ? null : known(() -> device.uuid().orElse(null));
    String bus = device == null ? null : known(() -> device.pciBusId().orElse(null));
    putKnown(labels, "UUID", uuid);
    putKnown(labels, "pci_bus_id", bus == null ? null : busLabel(bus));
    labels.put("device", "nvidia" + index);
    putKnown(labels, "modelName", name);
    labels.put("Hostname", host);
    if (simulated) {
      labels.put("synthetic", "true");
    }
    return new Watched(
        simulated ? "sim" : "gpu " + index,
        (name == null ? "it does not answer" : name) + (uuid == null ? "" : ", " + uuid),
        labels,
        () -> GpuSensors.open(index, simulated));
  }

  /** {@code 00000000:C1:00.0} for {@code 0000:c1:00.0}, as NVIDIA's tools have it. */
  private static String busLabel(String bus) {
    return (bus.indexOf(':') == 4 ? "0000" : "") + bus.toUpperCase(Locale.ROOT);
  }

  private static void putKnown(Map<String, String> labels, String name, @Nullable String value) {
    if (value != null) {
      labels.put(name, value);
    }
  }

  /** A device that is lost has a number all the same, and the others are not lost with it. */
  private static <T> @Nullable T known(Supplier<@Nullable T> question) {
    try {
      return question.get();
    } catch (NvmlException _) {
      return null;
    }
  }
}
