// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CUuuid_st;
import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * What the driver tells about a device. Read once, immutable.
 *
 * @param index as CUDA counts, which NVML does not
 * @param uuid {@code GPU-} and five groups of hexadecimal digits, as NVML and nvidia-smi write it;
 *     they write {@code MIG-} for a part of a divided device, which CUDA does not tell from a whole
 * @param clockKilohertz the highest clock of the multiprocessors
 * @param memoryClockKilohertz the highest clock of the memory
 * @param sharedBytesPerBlock without opting in
 * @param sharedBytesPerBlockOptIn with {@link CudaFunction#allowDynamicShared}
 * @param pciBusId such as {@code 0000:3b:00.0}
 */
public record CudaDevice(
    int index,
    String name,
    String uuid,
    ComputeCapability computeCapability,
    int multiprocessors,
    long memoryBytes,
    int clockKilohertz,
    int memoryClockKilohertz,
    int memoryBusBits,
    int l2Bytes,
    int warpThreads,
    int maxThreadsPerBlock,
    int maxThreadsPerMultiprocessor,
    int registersPerMultiprocessor,
    int sharedBytesPerBlock,
    int sharedBytesPerBlockOptIn,
    int sharedBytesPerMultiprocessor,
    boolean cooperativeLaunch,
    String pciBusId) {
  /** How gpubench's simulated device calls itself. */
  public static final String SIMULATED = "Simulated CUDA device";

  private static final String UUID_PREFIX = "GPU-";
  private static final String UUID_PREFIX_OF_PART = "MIG-";
  private static final int TEXT_BYTES = 256;

  /** Whether it is gpubench's simulated device, by the name that it gives itself. */
  public boolean simulated() {
    return name.equals(SIMULATED);
  }

  boolean answersTo(String selector) {
    return selector.equals(Integer.toString(index))
        || selector.equalsIgnoreCase(uuid)
        || selector.equalsIgnoreCase(uuid.replaceFirst(UUID_PREFIX, UUID_PREFIX_OF_PART))
        || (UUID_PREFIX + selector).equalsIgnoreCase(uuid);
  }

  /** For a list to choose from: index, name, UUID. */
  @Override
  public String toString() {
    return "%d (%s, %s)".formatted(index, name, uuid);
  }

  /** The device with this index. The driver must be initialised. */
  static CudaDevice read(int index) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(TEXT_BYTES, Long.BYTES);
      check(CudaApi.cuDeviceGet(out, index), "cuDeviceGet(%d)", index);
      return new Reader(out, out.get(ValueLayout.JAVA_INT, 0)).device(index);
    }
  }

  private record Reader(MemorySegment out, int handle) {
    CudaDevice device(int index) {
      return new CudaDevice(
          index,
          name(),
          uuid(),
          new ComputeCapability(
              attribute(CudaApi.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR()),
              attribute(CudaApi.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR())),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT()),
          memoryBytes(),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_CLOCK_RATE()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_WARP_SIZE()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR()),
          attribute(CudaApi.CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH()) != 0,
          pciBusId());
    }

    private int attribute(int attribute) {
      check(
          CudaApi.cuDeviceGetAttribute(out, attribute, handle),
          "cuDeviceGetAttribute(%d)",
          attribute);
      return out.get(ValueLayout.JAVA_INT, 0);
    }

    private String name() {
      check(CudaApi.cuDeviceGetName(out, TEXT_BYTES, handle), "cuDeviceGetName()");
      return out.getString(0);
    }

    private String uuid() {
      check(CudaApi.cuDeviceGetUuid_v2(out, handle), "cuDeviceGetUuid_v2()");
      byte[] bytes = out.asSlice(0, CUuuid_st.sizeof()).toArray(ValueLayout.JAVA_BYTE);
      return UUID_PREFIX + grouped(HexFormat.of().formatHex(bytes));
    }

    private long memoryBytes() {
      check(CudaApi.cuDeviceTotalMem_v2(out, handle), "cuDeviceTotalMem_v2()");
      return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private String pciBusId() {
      check(CudaApi.cuDeviceGetPCIBusId(out, TEXT_BYTES, handle), "cuDeviceGetPCIBusId()");
      return out.getString(0);
    }
  }

  /** 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12. */
  static String grouped(String digits) {
    return String.join(
        "-",
        digits.substring(0, 8),
        digits.substring(8, 12),
        digits.substring(12, 16),
        digits.substring(16, 20),
        digits.substring(20));
  }
}
