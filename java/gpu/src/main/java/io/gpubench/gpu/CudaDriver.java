// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The CUDA driver of this process, initialised, and the devices that it shows. Immutable; owns
 * nothing, so there is nothing to close. Any thread may call.
 */
public final class CudaDriver {
  /** The oldest version of CUDA whose drivers have every function that gpubench needs. */
  static final CudaVersion OLDEST = new CudaVersion(11, 4);

  private static final String NO_DEVICE_REMEDY =
      "see what 'nvidia-smi' shows, and whether CUDA_VISIBLE_DEVICES hides a device";

  private final CudaVersion version;
  private final List<CudaDevice> devices;

  private CudaDriver(CudaVersion version, List<CudaDevice> devices) {
    this.version = version;
    this.devices = devices;
  }

  /**
   * The driver of this machine.
   *
   * @throws NativeUnavailableException if there is none, or it is too old, or has no device, or
   *     does not start
   */
  public static CudaDriver open() {
    GpuLibrary.CUDA.require();
    initialise(); // first: a toolkit's stub refuses every call, and here is a remedy for that
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      check(CudaApi.cuDriverGetVersion(out), "cuDriverGetVersion()");
      var version = CudaVersion.ofNumber(out.get(ValueLayout.JAVA_INT, 0));
      if (version.compareTo(OLDEST) < 0) {
        throw new NativeUnavailableException(
            "the driver knows CUDA %s at most; gpubench needs %s".formatted(version, OLDEST),
            "install a newer NVIDIA driver");
      }
      check(CudaApi.cuDeviceGetCount(out), "cuDeviceGetCount()");
      int count = out.get(ValueLayout.JAVA_INT, 0);
      if (count == 0) {
        throw new NativeUnavailableException("the driver shows no CUDA device", NO_DEVICE_REMEDY);
      }
      return new CudaDriver(version, IntStream.range(0, count).mapToObj(CudaDevice::read).toList());
    }
  }

  /**
   * The simulated device's driver, in place of the machine's until the process ends.
   *
   * @throws NativeUnavailableException if the simulated device is not built
   * @throws IllegalStateException if the machine's driver, NVML or NVRTC was opened before
   */
  public static CudaDriver openSimulator() {
    NativeLibraries.useSimulator();
    return open();
  }

  private static void initialise() {
    int code = CudaApi.cuInit(0);
    if (code != CudaApi.CUDA_SUCCESS()) {
      CudaException failure = CudaException.of(code, "cuInit()");
      throw new NativeUnavailableException(
          String.valueOf(failure.getMessage()), initialisationRemedy(code), failure);
    }
  }

  private static String initialisationRemedy(int code) {
    if (code == CudaApi.CUDA_ERROR_NO_DEVICE()) {
      return NO_DEVICE_REMEDY;
    }
    if (code == CudaApi.CUDA_ERROR_STUB_LIBRARY()) {
      return "a toolkit's stub was found in place of the driver: take its folder off LD_LIBRARY_PATH";
    }
    if (code == CudaApi.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH()) {
      return "the driver was updated while its kernel module was loaded: restart the machine";
    }
    if (code == CudaApi.CUDA_ERROR_SYSTEM_NOT_READY()) {
      return "start the system's NVIDIA services, such as nvidia-fabricmanager";
    }
    return "see whether 'nvidia-smi' works, and what the kernel's log says about nvidia";
  }

  /** The newest CUDA that this driver knows. */
  public CudaVersion version() {
    return version;
  }

  /** At least one, by index. */
  public List<CudaDevice> devices() {
    return devices;
  }

  /**
   * The device that a user names.
   *
   * @param selector an index as CUDA counts, or a UUID, with or without its {@code GPU-} or {@code
   *     MIG-}
   * @throws NativeUnavailableException if there is no such device; the remedy lists those that are
   *     there
   */
  public CudaDevice device(String selector) {
    return devices.stream()
        .filter(device -> device.answersTo(selector))
        .findFirst()
        .orElseThrow(() ->
            new NativeUnavailableException(
                "no CUDA device '%s'".formatted(selector),
                devices.stream()
                    .map(CudaDevice::toString)
                    .collect(Collectors.joining("; ", "choose one of: ", ""))));
  }
}
