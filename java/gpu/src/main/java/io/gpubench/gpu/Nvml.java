// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.nvml.NvmlApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * NVIDIA's management library, initialised: what it tells about devices, changing nothing. Whoever
 * opened it closes it; used on the thread that opened it. Several may be open at once.
 */
public final class Nvml implements AutoCloseable {
  private static final int TEXT_BYTES = 256;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment out = arena.allocate(TEXT_BYTES, Long.BYTES);
  private final Lifetime lifetime = new Lifetime("NVML", this::release);

  private Nvml() {}

  /**
   * Initialises it.
   *
   * @throws NativeUnavailableException if it is absent, too old, or does not start
   */
  public static Nvml open() {
    GpuLibrary.NVML.require();
    int code = NvmlApi.nvmlInit_v2();
    if (code != NvmlApi.NVML_SUCCESS()) {
      var failure = new NvmlException("nvmlInit_v2()", code);
      throw new NativeUnavailableException(
          String.valueOf(failure.getMessage()), initialisationRemedy(code), failure);
    }
    return new Nvml();
  }

  private static String initialisationRemedy(int code) {
    return code == NvmlApi.NVML_ERROR_LIB_RM_VERSION_MISMATCH()
        ? "the driver was updated while its kernel module was loaded: restart the machine"
        : "see whether 'nvidia-smi' works, and what the kernel's log says about nvidia";
  }

  /** The driver's version, such as {@code 580.65.06}. */
  public String driverVersion() {
    MemorySegment text = out();
    NvmlException.check(
        NvmlApi.nvmlSystemGetDriverVersion(text, TEXT_BYTES), "nvmlSystemGetDriverVersion()");
    return text.getString(0);
  }

  /**
   * A device that CUDA knows by this UUID; empty if NVML does not know it, such as a part of a
   * divided device.
   */
  public Optional<NvmlDevice> device(String uuid) {
    MemorySegment handle = out();
    int code;
    try (Arena scratch = Arena.ofConfined()) {
      code = NvmlApi.nvmlDeviceGetHandleByUUID(scratch.allocateFrom(uuid), handle);
    }
    if (code == NvmlApi.NVML_ERROR_NOT_FOUND() || code == NvmlApi.NVML_ERROR_INVALID_ARGUMENT()) {
      return Optional.empty();
    }
    NvmlException.check(code, "nvmlDeviceGetHandleByUUID(%s)".formatted(uuid));
    return Optional.of(new NvmlDevice(this, handle.get(ValueLayout.ADDRESS, 0)));
  }

  /**
   * The device at a place on the bus; for a part of a divided one that is the whole. Devices that
   * do not tell where they are, such as lost ones, are not found.
   *
   * @param pciBusId as CUDA or Linux write it, in any case: {@code 0000:C1:00.0}
   * @throws NativeUnavailableException if the library is too old to tell
   */
  public Optional<NvmlDevice> deviceAt(String pciBusId) {
    return IntStream.range(0, count())
        .mapToObj(index -> deviceAt(index, pciBusId))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<NvmlDevice> deviceAt(int index, String pciBusId) {
    try {
      NvmlDevice device = device(index);
      return device.pciBusId().filter(pciBusId::equalsIgnoreCase).map(_ -> device);
    } catch (NvmlException _) {
      return Optional.empty(); // others may be there
    }
  }

  /**
   * How many devices there are, those among them that CUDA is not allowed to use.
   *
   * @throws NativeUnavailableException if the library is too old to tell
   */
  public int count() {
    require("nvmlDeviceGetCount_v2");
    MemorySegment count = out();
    NvmlException.check(NvmlApi.nvmlDeviceGetCount_v2(count), "nvmlDeviceGetCount_v2()");
    return count.get(ValueLayout.JAVA_INT, 0);
  }

  /**
   * A device by its number here, which need not be the one that it has in CUDA.
   *
   * @param index from 0, below {@link #count}
   * @throws NvmlException if there is no such device, it is lost, or not for this user
   * @throws NativeUnavailableException if the library is too old to tell
   */
  public NvmlDevice device(int index) {
    require("nvmlDeviceGetHandleByIndex_v2");
    MemorySegment handle = out();
    NvmlException.check(
        NvmlApi.nvmlDeviceGetHandleByIndex_v2(index, handle),
        "nvmlDeviceGetHandleByIndex_v2(%d)".formatted(index));
    return new NvmlDevice(this, handle.get(ValueLayout.ADDRESS, 0));
  }

  private static void require(String function) {
    if (!NativeLibraries.has(GpuLibrary.NVML.id(), function)) {
      throw new NativeUnavailableException(
          "native library 'nvml' lacks " + function, "install a newer NVIDIA driver");
    }
  }

  /** Room for what a call returns, until the next call. */
  MemorySegment out() {
    lifetime.use();
    return out;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    arena.close();
    NvmlException.check(NvmlApi.nvmlShutdown(), "nvmlShutdown()");
  }
}
