// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import io.gpubench.gpu.ComputeCapability;
import io.gpubench.gpu.Occupancy;
import io.gpubench.gpu.Occupancy.Demand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's machine code for one architecture.
 *
 * @param name the symbol in the image
 * @param architecture such as {@code sm_90}
 * @param registers of a thread
 * @param barriers named barriers of a block; null where the compiler does not say
 * @param sharedBytes static shared memory of a block
 * @param stackBytes local memory of a thread for its stack frame
 * @param spillStoreBytes what a thread writes for want of registers
 * @param spillLoadBytes what it reads of that
 * @param launchBound threads of a block at most; null where the source sets no bound
 */
public record CompiledKernel(
    String name,
    String architecture,
    int registers,
    @Nullable Integer barriers,
    int sharedBytes,
    int stackBytes,
    int spillStoreBytes,
    int spillLoadBytes,
    @Nullable Integer launchBound) {
  /** Threads of the largest block of any kernel. */
  public static final int MOST_THREADS = 1024;

  /** Registers had to be put into memory. */
  public boolean spills() {
    return spillStoreBytes + spillLoadBytes > 0;
  }

  /** Threads of the largest block that it was compiled for. */
  public int mostThreads() {
    return launchBound == null ? MOST_THREADS : launchBound;
  }

  /** 90 of {@code sm_90} and of {@code sm_90a}. */
  int number() {
    return Integer.parseInt(architecture.replaceAll("\\D", ""));
  }

  /**
   * How full it makes a multiprocessor.
   *
   * @param threads of a block
   * @param dynamicSharedBytes of a block, besides the static ones
   * @return nothing where the block is beyond the launch bound, or nobody knows the architecture's
   *     limits
   */
  public Optional<Occupancy> occupancy(int threads, int dynamicSharedBytes) {
    if (threads > mostThreads()) {
      return Optional.empty();
    }
    return Occupancy.of(
        new ComputeCapability(number() / 10, number() % 10),
        new Demand(registers, sharedBytes + dynamicSharedBytes, barriers == null ? 0 : barriers),
        threads);
  }
}
