// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeFunction;
import io.gpubench.ffi.NativeLibraries;
import java.util.List;

/** The libraries behind this package, and what to do about one that is missing. */
public enum GpuLibrary {
  /** The driver interface of CUDA. */
  CUDA(
      "cuda",
      "install the NVIDIA driver; in a container, pass the GPU in ('--gpus all' or its like)",
      "install a driver for CUDA " + CudaDriver.OLDEST + " or newer"),

  /** Names, sensors and settings of the devices. */
  NVML(
      "nvml",
      "install the NVIDIA driver; in a container, include the 'utility' driver capability",
      "install a driver for CUDA " + CudaDriver.OLDEST + " or newer"),

  /** The compiler for kernels at run time. */
  NVRTC(
      "nvrtc",
      "install NVRTC with the CUDA toolkit and set CUDA_HOME, or use kernels that were compiled in advance",
      "install NVRTC of CUDA " + CudaDriver.OLDEST + " or newer");

  private static final String BUILD_SIMULATOR =
      "build the simulated CUDA device: install a C++ compiler, make and CMake, then './mvnw"
          + " -DskipTests package'";
  private static final int SHOWN = 3;

  private final String id;
  private final String remedyIfAbsent;
  private final String remedyIfOutdated;

  GpuLibrary(String id, String remedyIfAbsent, String remedyIfOutdated) {
    this.id = id;
    this.remedyIfAbsent = remedyIfAbsent;
    this.remedyIfOutdated = remedyIfOutdated;
  }

  /** Its name for {@link NativeLibraries}. */
  public String id() {
    return id;
  }

  /** Whether it is there, be it too old. */
  public boolean present() {
    return NativeLibraries.has(id);
  }

  /**
   * Opens it, unless it is open.
   *
   * @throws NativeUnavailableException if it is absent, or lacks what gpubench cannot do without
   */
  public void require() {
    NativeLibraries.problem(id)
        .ifPresent(problem -> {
          throw new NativeUnavailableException(
              problem, NativeLibraries.usesSimulator() ? BUILD_SIMULATOR : remedyIfAbsent);
        });
    List<String> missing =
        NativeLibraries.missing(id).stream()
            .filter(function -> function.costWhenMissing().isEmpty())
            .map(NativeFunction::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new NativeUnavailableException(
          "native library '%s' lacks %s%s"
              .formatted(
                  id,
                  String.join(", ", missing.subList(0, Math.min(SHOWN, missing.size()))),
                  missing.size() > SHOWN ? " and %d more".formatted(missing.size() - SHOWN) : ""),
          NativeLibraries.usesSimulator() && !NativeLibraries.simulatesOldDriver()
              ? BUILD_SIMULATOR
              : remedyIfOutdated);
    }
  }
}
