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
  /** Of all that a device draws in decades; one that has drawn nothing does not answer. */
  MILLIJOULES(1, 1_000_000_000_000_000L),
  /** Of the processors. */
  MEGAHERTZ(1, 10_000),
  MEMORY_MEGAHERTZ(1, 50_000),
  PERCENT(0, 100),
  PCIE_GENERATION(1, 16),
  PCIE_LANES(1, 32),
  /** Of traffic in a year at the pace of the fastest link. */
  BYTES(0, 4_000_000_000_000_000_000L),
  /** Of decades. */
  NANOSECONDS(0, 2_000_000_000_000_000_000L),
  /** Errors, pages, rows. */
  COUNT(0, 1_000_000_000),
  /** NVML's own number for an unknown one is 32. */
  PERFORMANCE_STATE(0, 15),
  /** The number of one of a few possibilities. */
  MODE(0, 15),
  /** Bits: NVML uses some of the lower 32, never all. */
  REASONS(0, 0xFFFF_FFFEL);

  private static final long ALL_BITS = 0xFFFF_FFFFL;

  /** From here on to the largest signed number: NVIDIA's numbers that stand for nothing. */
  private static final long FIRST_BLANK = 0x7FFF_FFF0L;

  private static final long FIRST_BLANK_64 = 0x7FFF_FFFF_FFFF_FFF0L;

  private final long least;
  private final long most;

  SensorRange(long least, long most) {
    this.least = least;
    this.most = most;
  }

  /**
   * The reading, or empty where it cannot be one.
   *
   * @param reading an unsigned number
   */
  OptionalInt judge(int reading) {
    return holds(Integer.toUnsignedLong(reading)) ? OptionalInt.of(reading) : OptionalInt.empty();
  }

  /** Whether a number can be a reading. */
  boolean holds(long reading) {
    return reading >= least && reading <= most && !standsForNothing(reading);
  }

  /**
   * Whether a number means that there is none: all bits of 32 or 64 set, or one of the 16 largest
   * signed ones of 32 or 64 bits, such as 2147483634 and 9223372036854775794, by which NVIDIA's
   * tools tell an unknown value from one that is not supported, not found or not permitted. A
   * counter that truly passes such a number misses one reading.
   */
  static boolean standsForNothing(long reading) {
    return reading == -1
        || reading == ALL_BITS
        || (reading >= FIRST_BLANK && reading <= Integer.MAX_VALUE)
        || reading >= FIRST_BLANK_64;
  }

  /** Whether a set of bits can be one of reasons. */
  static boolean areReasons(long bits) {
    return bits >= REASONS.least && bits <= REASONS.most;
  }
}
