// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.engines.cuda.NvmlSource;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlException;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sensors of a GPU that are read beside a measurement, and how full its memory is, which nobody
 * needs there. Has an NVML of its own, on the thread that opened it.
 */
final class GpuSensors implements Sensors {
  /** Other than dcgm-exporter's, which leaves out what the driver reserves. */
  static final String MEMORY_USED = "memoryUsedBytes";

  static final String MEMORY_FREE = "memoryFreeBytes";

  private final Sensors others;
  private final @Nullable Nvml nvml;
  private final @Nullable NvmlDevice device;
  private final List<Sensor> all;
  private String gap = "";

  private GpuSensors(
      Sensors others, @Nullable Nvml nvml, @Nullable NvmlDevice device, String source) {
    this.others = others;
    this.nvml = nvml;
    this.device = device;
    this.all =
        Stream.concat(
                others.all().stream(),
                Stream.of(
                    level(
                        MEMORY_USED,
                        source,
                        "device memory in use, what the driver reserves for itself included"),
                    level(MEMORY_FREE, source, "device memory that is free")))
            .toList();
  }

  private static Sensor level(String id, String source, String about) {
    return Sensor.of(id, "B", Kind.LEVEL, false, source, about);
  }

  /** Those of the device that has this number in NVML. */
  static Sensors open(int index, boolean simulated) {
    Sensors others = NvmlSource.at(index, simulated).open();
    String source = others.all().getFirst().source();
    Nvml nvml = null;
    try {
      nvml = Nvml.open();
      return new GpuSensors(others, nvml, nvml.device(index), source);
    } catch (NativeException _) {
      return new GpuSensors(others, nvml, null, source);
    }
  }

  @Override
  public List<Sensor> all() {
    return all;
  }

  @Override
  public double read(int index) {
    int memory = index - others.all().size();
    if (memory >= 0) {
      return memory(memory == 0);
    }
    double reading = others.read(index);
    gap = others.gap();
    return reading;
  }

  private double memory(boolean used) {
    if (device == null) {
      gap = FAILED;
      return Double.NaN;
    }
    try {
      Optional<NvmlDevice.Memory> memory = device.memory();
      gap = memory.isPresent() ? "" : NOT_SUPPORTED;
      return memory.isEmpty()
          ? Double.NaN
          : used ? memory.get().usedBytes() : memory.get().freeBytes();
    } catch (NvmlException e) {
      gap = e.lost() ? LOST : FAILED;
      return Double.NaN;
    }
  }

  @Override
  public String gap() {
    return gap;
  }

  @Override
  public void close() {
    try (others) {
      if (nvml != null) {
        nvml.close();
      }
    } catch (NvmlException _) {
      // nothing rests on it
    }
  }
}
