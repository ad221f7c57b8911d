// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.engines.tornado.TornadoTestimony;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.measure.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of the one backend that this process has. */
final class TornadoDevices {
  private TornadoDevices() {}

  /**
   * All of them, in TornadoVM's order.
   *
   * @throws EngineException when TornadoVM does not start, as it does not without a driver
   */
  static List<TornadoDevice> all(TornadoBackend backend) {
    try {
      var runtime = TornadoRuntimeProvider.getTornadoRuntime();
      var devices = new ArrayList<TornadoDevice>();
      for (int i = 0; i < runtime.getNumBackends(); i++) {
        devices.addAll(runtime.getBackend(i).getAllDevices());
      }
      if (devices.isEmpty()) {
        throw unavailable(backend, "no device", null);
      }
      return devices;
    } catch (EngineException e) {
      throw e;
    } catch (Throwable failure) { // it is an Error while classes are initialised
      throw unavailable(backend, firstSentence(Failures.line(failure)), failure);
    }
  }

  private static EngineException unavailable(
      TornadoBackend backend, String why, @Nullable Throwable cause) {
    return new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "TornadoVM's %s backend has nothing to run on: %s".formatted(backend.title(), why),
        switch (backend) {
          case CUDA, PTX -> "install the NVIDIA driver";
          case OPENCL ->
              "install an OpenCL driver; for processors, that is the package pocl-opencl-icd";
        },
        cause);
  }

  /** Without its level, and without what TornadoVM says it would do instead, which it must not. */
  private static String firstSentence(String line) {
    return line.replaceFirst("^\\[[A-Z]+] *", "").replaceFirst("\\. .*|\\.$", "");
  }

  /**
   * The one that a person means.
   *
   * @param chosen its number, from 0; null for the first
   * @throws EngineException when it is not there
   */
  static TornadoDevice choose(
      TornadoBackend backend, List<TornadoDevice> devices, @Nullable String chosen) {
    if (chosen == null) {
      return devices.getFirst();
    }
    for (int i = 0; i < devices.size(); i++) {
      if (chosen.equals(Integer.toString(i))) {
        return devices.get(i);
      }
    }
    throw new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "there is no %s device '%s': TornadoVM has %s"
            .formatted(backend.title(), chosen, names(devices)),
        "choose one by its number, such as --device 0",
        null);
  }

  /**
   * The one that the driver means, in whose order TornadoVM has them.
   *
   * @throws EngineException when TornadoVM sees another one there
   */
  static TornadoDevice same(
      TornadoBackend backend, List<TornadoDevice> devices, CudaDevice device) {
    if (device.index() < devices.size()) {
      TornadoDevice same = devices.get(device.index());
      if (name(same).equals(device.name())) {
        return same;
      }
    }
    throw new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "the driver's device %d is %s, and TornadoVM's %s backend has %s"
            .formatted(device.index(), device.name(), backend.title(), names(devices)),
        "see which libcuda.so.1 the library path leads to",
        null);
  }

  private static String names(List<TornadoDevice> devices) {
    var names = new ArrayList<String>();
    for (int i = 0; i < devices.size(); i++) {
      names.add(i + ": " + name(devices.get(i)));
    }
    return String.join(", ", names);
  }

  /** What its driver calls it. */
  static String name(TornadoDevice device) {
    return device.getPhysicalDevice().getDeviceName();
  }

  /** Whether it is the processors of this machine. */
  static boolean onProcessors(TornadoDevice device) {
    return device.getDeviceType() == TornadoDeviceType.CPU;
  }

  /** What a device says of itself, for the record. */
  static Map<String, Object> describe(
      TornadoBackend backend, List<TornadoDevice> all, TornadoDevice device, TornadoSdk sdk) {
    var map = new LinkedHashMap<String, Object>();
    map.put(TornadoTestimony.BACKEND, backend.word());
    map.put("tornadovm", sdk.version());
    map.put(TornadoTestimony.PLATFORM, device.getPlatformName());
    map.put(TornadoTestimony.DEVICE_NAME, name(device));
    map.put(TornadoTestimony.DEVICE_TYPE, device.getDeviceType().name());
    map.put("deviceIndex", (long) all.indexOf(device));
    map.put("devices", all.stream().map(TornadoDevices::name).toList());
    map.put(TornadoTestimony.COMPUTE_UNITS, (long) device.getPhysicalDevice().getDeviceMaxComputeUnits());
    map.put(TornadoTestimony.CLOCK_MEGAHERTZ, (long) device.getPhysicalDevice().getDeviceMaxClockFrequency());
    map.put(TornadoTestimony.MEMORY_BYTES, device.getMaxGlobalMemory());
    map.put("languageVersion", String.valueOf(device.getDeviceOpenCLCVersion()).strip());
    return map;
  }
}
