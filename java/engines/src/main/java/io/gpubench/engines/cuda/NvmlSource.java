// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.GpuLibrary;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlException;
import io.gpubench.measure.spi.Sensors;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sensors of a device that NVML tells of, which needs no CUDA. Each opening has an NVML of its
 * own, on the thread that opens, so that it works beside whoever measures. Where there is no NVML,
 * or it does not know the device, all sensors are there and have a gap that says so.
 */
public final class NvmlSource implements Sensors.Source {
  private final Function<Nvml, Optional<NvmlDevice>> find;
  private final boolean simulated;

  private NvmlSource(Function<Nvml, Optional<NvmlDevice>> find, boolean simulated) {
    this.find = find;
    this.simulated = simulated;
  }

  /**
   * Of the device that CUDA knows by this UUID.
   *
   * @param simulated whether it is the simulated one, which the sensors say too
   */
  public static NvmlSource of(String uuid, boolean simulated) {
    return new NvmlSource(nvml -> nvml.device(uuid), simulated);
  }

  /**
   * Of the device that has this number in NVML, from 0, which need not be that of CUDA.
   *
   * @param simulated whether it is the simulated one, which the sensors say too
   */
  public static NvmlSource at(int index, boolean simulated) {
    return new NvmlSource(
        nvml ->
            index >= 0 && index < nvml.count() ? Optional.of(nvml.device(index)) : Optional.empty(),
        simulated);
  }

  @Override
  public Sensors open() {
    try {
      return reading(Nvml.open());
    } catch (NativeUnavailableException absent) {
      return new MissingSensors(gap(absent), simulated);
    }
  }

  private Sensors reading(Nvml nvml) {
    String gap;
    try {
      Optional<NvmlDevice> device = find.apply(nvml);
      if (device.isPresent()) {
        return new DeviceReadings(nvml, device.get().sensors(), simulated);
      }
      gap = Sensors.UNKNOWN_DEVICE;
    } catch (NativeUnavailableException lacking) {
      gap = gap(lacking);
    } catch (NvmlException refused) {
      gap = refused.lost() ? Sensors.LOST : Sensors.FAILED;
    }
    DeviceReadings.close(nvml);
    return new MissingSensors(gap, simulated);
  }

  private static String gap(NativeUnavailableException why) {
    if (!GpuLibrary.NVML.present()) {
      return Sensors.ABSENT;
    }
    return why.getCause() instanceof NvmlException ? Sensors.FAILED : Sensors.TOO_OLD;
  }
}
