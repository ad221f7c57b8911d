// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.EngineException;

/**
 * How many positions get memory of their own.
 *
 * @param freeBytes of the memory that is asked for
 * @param bytesOfPosition what one of them takes
 */
record DeviceRoom(long freeBytes, long bytesOfPosition) {
  /** The most positions with memory of their own. */
  static final int MOST = 16;

  /** More than one position shares at most this part of what is free. */
  private static final int SHARE = 4;

  /** What the driver takes in addition: it rounds up, and kernels need local memory. */
  private static final long RESERVE = 32L << 20;

  /**
   * Between 1 and {@value #MOST}.
   *
   * @param what the setting that decides about the size, such as {@code ceiling.copy with
   *     bytes=8589934592}
   * @param parameter the one to be made smaller
   * @param bytesOfUnit of memory for each unit of that parameter
   * @throws EngineException one line that says what fits, when not even one position does
   */
  int positions(String what, String parameter, double bytesOfUnit) {
    long usable = Math.max(0, freeBytes - RESERVE);
    if (bytesOfPosition > usable) {
      throw new EngineException(
          "%s takes %,d bytes of the device's memory, of which %,d are free: %s=%d fits"
              .formatted(
                  what, bytesOfPosition, freeBytes, parameter, fitting(usable, bytesOfUnit)));
    }
    return Math.clamp(usable / SHARE / Math.max(1, bytesOfPosition), 1, MOST);
  }

  private static long fitting(long usable, double bytesOfUnit) {
    return (long) (usable / bytesOfUnit) / Long.BYTES * Long.BYTES;
  }
}
