// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.util.OptionalInt;

/**
 * What a reading of NVML can be. Drivers that do not know a value often say so by one that cannot
 * be, such as 0 degrees or all bits set, and return success all the same.
 */
enum SensorRange {
  /** No chip that works is at 0 degrees, which is what an absent sensor reads. */
  CELSIUS(1, 150),
  /** Up to several times what the largest devices draw. */
  MILLIWATTS(1, 10_000_000),
  /** Of the processors. */
  MEGAHERTZ(1, 10_000),
  MEMORY_MEGAHERTZ(1, 50_000),
  PERCENT(0, 100),
  PCIE_GENERATION(1, 16),
  PCIE_LANES(1, 32),
  /** 32 stands for "unknown". */
  PERFORMANCE_STATE(0, 15),
  /** The number of one of a few possibilities. */
  MODE(0, 15);

  private static final long ALL_BITS = 0xFFFF_FFFFL;

  private final int least;
  private final int most;

  SensorRange(int least, int most) {
    this.least = least;
    this.most = most;
  }

  /**
   * The reading, or empty where it cannot be one.
   *
   * @param reading an unsigned number
   */
  OptionalInt judge(int reading) {
    long unsigned = Integer.toUnsignedLong(reading);
    return unsigned >= least && unsigned <= most ? OptionalInt.of(reading) : OptionalInt.empty();
  }

  /** Whether a set of bits can be one of reasons: NVML uses some of the lower 32, never all. */
  static boolean areReasons(long bits) {
    return bits >= 0 && bits < ALL_BITS;
  }
}
