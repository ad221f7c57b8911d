// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvrtc.NvrtcApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Compiles kernels at run time. Immutable; holds nothing between two compilations, so there is
 * nothing to close. Needs no device. Any thread may call.
 */
public final class NvrtcCompiler {
  private static final String MACHINE_CODE = "sm_";
  private static final String PTX = "compute_";

  private final CudaVersion version;
  private final List<Integer> architectures;

  private NvrtcCompiler(CudaVersion version, List<Integer> architectures) {
    this.version = version;
    this.architectures = architectures;
  }

  /**
   * NVRTC of this machine, or of the simulated device.
   *
   * @throws NativeUnavailableException if it is absent or too old
   */
  public static NvrtcCompiler open() {
    GpuLibrary.NVRTC.require();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 2);
      NvrtcProgram.check(NvrtcApi.nvrtcVersion(out, out.asSlice(Integer.BYTES)), "nvrtcVersion()");
      var version =
          new CudaVersion(
              out.getAtIndex(ValueLayout.JAVA_INT, 0), out.getAtIndex(ValueLayout.JAVA_INT, 1));
      NvrtcProgram.check(NvrtcApi.nvrtcGetNumSupportedArchs(out), "nvrtcGetNumSupportedArchs()");
      MemorySegment numbers =
          arena.allocate(ValueLayout.JAVA_INT, out.get(ValueLayout.JAVA_INT, 0));
      NvrtcProgram.check(NvrtcApi.nvrtcGetSupportedArchs(numbers), "nvrtcGetSupportedArchs()");
      return new NvrtcCompiler(
          version, Arrays.stream(numbers.toArray(ValueLayout.JAVA_INT)).boxed().toList());
    }
  }

  /** Its version; its PTX needs a driver that is as new. */
  public CudaVersion version() {
    return version;
  }

  /**
   * Compiles a source to machine code for a device or, where the compiler does not know the device,
   * to PTX for the newest that it knows and that the device can run.
   *
   * @param name for messages, such as the file's name
   * @param headers by the names under which they are included
   * @param options as for nvcc, without an architecture
   * @throws NvrtcException if it refuses the source or an option
   * @throws NativeUnavailableException if it knows only newer devices
   */
  public KernelImage compile(
      String name,
      String source,
      Map<String, String> headers,
      List<String> options,
      ComputeCapability device) {
    String architecture = architecture(architectures, device);
    try (var program = new NvrtcProgram(name, source, headers)) {
      program.compile(architecture, options);
      byte[] image = architecture.startsWith(MACHINE_CODE) ? program.cubin() : program.ptx();
      return new KernelImage(architecture, image, program.log());
    }
  }

  /** What to compile for, given the numbers of the architectures that the compiler knows. */
  static String architecture(Collection<Integer> known, ComputeCapability device) {
    if (known.contains(device.number())) {
      return MACHINE_CODE + device.number();
    }
    return known.stream()
        .filter(number -> number < device.number())
        .max(Integer::compare)
        .map(number -> PTX + number)
        .orElseThrow(() ->
            new NativeUnavailableException(
                "NVRTC compiles for none of the architectures up to that of the device, " + device,
                "use an older NVRTC, or kernels that were compiled in advance"));
  }
}
