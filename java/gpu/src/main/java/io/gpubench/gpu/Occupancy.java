// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many blocks of a kernel are resident on a multiprocessor at once, computed from what its
 * machine code takes; no device is asked. The limits are those of the CUDA programming guide's
 * table of technical specifications per compute capability. As much of the first-level cache is
 * shared memory as the kernel has use for.
 *
 * @param blocks resident at once; 0 when not even one fits, so that a launch fails
 * @param warps of these blocks
 * @param mostWarps that a multiprocessor of this compute capability holds
 * @param limitedBy what keeps one more block away; several where they do so together
 */
public record Occupancy(int blocks, int warps, int mostWarps, Set<Limit> limitedBy) {
  /** Lanes of a warp, and threads of the largest block, of every compute capability. */
  private static final int WARP_LANES = 32;

  private static final int MOST_THREADS_OF_BLOCK = 1024;

  /** 32-bit registers: of a multiprocessor, of a block and of a thread at most. */
  private static final int REGISTERS = 65_536;

  private static final int MOST_REGISTERS_OF_THREAD = 255;

  /** A warp gets registers in units of so many, from one of the partitions. */
  private static final int REGISTER_UNIT = 256;

  private static final int PARTITIONS = 4;

  private static final Map<Integer, Multiprocessor> KNOWN =
      Map.of(
          75, new Multiprocessor(32, 16, 64, 64, 0, 256, 0),
          80, new Multiprocessor(64, 32, 164, 163, 1, 128, 0),
          86, new Multiprocessor(48, 16, 100, 99, 1, 128, 0),
          89, new Multiprocessor(48, 24, 100, 99, 1, 128, 0),
          90, new Multiprocessor(64, 32, 228, 227, 1, 128, 64),
          100, new Multiprocessor(64, 32, 228, 227, 1, 128, 64),
          120, new Multiprocessor(48, 24, 100, 99, 1, 128, 24));

  /** What there can be too little of. */
  public enum Limit {
    /** Threads, in whole warps. */
    WARPS,
    BLOCKS,
    REGISTERS,
    SHARED_MEMORY,
    BARRIERS
  }

  /**
   * What a multiprocessor has.
   *
   * @param warps resident at most
   * @param blocks resident at most
   * @param sharedKib of all blocks
   * @param sharedKibOfBlock at most, opted in
   * @param reservedKib of the shared memory, taken from each block by the driver
   * @param sharedUnitBytes shared memory is given in multiples of it
   * @param barriers of all blocks; 0 where they limit nothing
   */
  private record Multiprocessor(
      int warps,
      int blocks,
      int sharedKib,
      int sharedKibOfBlock,
      int reservedKib,
      int sharedUnitBytes,
      int barriers) {}

  /**
   * What a kernel's machine code takes.
   *
   * @param registers of a thread, 0 or more
   * @param sharedBytes of a block, static and dynamic, 0 or more
   * @param barriers named barriers of a block; 0 where nobody knows
   */
  public record Demand(int registers, int sharedBytes, int barriers) {}

  /**
   * The occupancy of a kernel.
   *
   * @param threads of a block, at least 1
   * @return nothing for a compute capability whose limits are not known here
   */
  public static Optional<Occupancy> of(ComputeCapability device, Demand demand, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a block of " + threads + " threads");
    }
    return Optional.ofNullable(KNOWN.get(device.number())).map(one -> of(one, demand, threads));
  }

  private static Occupancy of(Multiprocessor device, Demand demand, int threads) {
    int warps = roundUp(threads, WARP_LANES) / WARP_LANES;
    var fitting = new EnumMap<Limit, Integer>(Limit.class);
    fitting.put(Limit.WARPS, threads > MOST_THREADS_OF_BLOCK ? 0 : device.warps / warps);
    fitting.put(Limit.BLOCKS, device.blocks);
    fitting.put(Limit.REGISTERS, byRegisters(demand.registers, warps));
    fitting.put(Limit.SHARED_MEMORY, bySharedMemory(device, demand.sharedBytes));
    if (device.barriers > 0 && demand.barriers > 0) {
      fitting.put(Limit.BARRIERS, device.barriers / demand.barriers);
    }
    int blocks = Collections.min(fitting.values());
    fitting.values().removeIf(number -> number > blocks);
    Set<Limit> limitedBy = Collections.unmodifiableSet(fitting.keySet());
    return new Occupancy(blocks, blocks * warps, device.warps, limitedBy);
  }

  private static int byRegisters(int registers, int warps) {
    if (registers == 0) {
      return Integer.MAX_VALUE;
    }
    if (registers > MOST_REGISTERS_OF_THREAD) {
      return 0;
    }
    int ofWarp = roundUp(registers * WARP_LANES, REGISTER_UNIT);
    return REGISTERS / PARTITIONS / ofWarp * PARTITIONS / warps;
  }

  private static int bySharedMemory(Multiprocessor device, int bytes) {
    int reserved = device.reservedKib << 10;
    int ofBlock = roundUp(bytes + reserved, device.sharedUnitBytes);
    if (ofBlock > (device.sharedKibOfBlock << 10) + reserved) {
      return 0;
    }
    return ofBlock == 0 ? Integer.MAX_VALUE : (device.sharedKib << 10) / ofBlock;
  }

  private static int roundUp(int number, int unit) {
    return (number + unit - 1) / unit * unit;
  }

  /** The share of the warps that a multiprocessor holds, 0 to 1. */
  public double share() {
    return (double) warps / mostWarps;
  }
}
