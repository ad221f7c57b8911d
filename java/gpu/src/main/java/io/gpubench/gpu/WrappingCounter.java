// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/**
 * A counter of 32 bits that begins anew after the last number, as one that only grows. A counter
 * with more bits passes unchanged. Sees no more than one turn between two readings: what passes 4
 * GiB in between is counted 4 GiB too low. A step back from the lower half of its numbers is no
 * turn: then the counter began anew, as after a reset.
 */
final class WrappingCounter {
  private static final long TURN = 1L << 32;

  private long turns;
  private long last;

  /** The next reading, which is not negative. */
  long unwrapped(long reading) {
    if (reading < last && last >= TURN / 2 && last < TURN) {
      turns += TURN;
    }
    last = reading;
    return turns + reading;
  }
}
