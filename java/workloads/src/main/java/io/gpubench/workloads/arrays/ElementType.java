// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

/** What the elements of an array are; in memory with the lowest byte first. */
public enum ElementType {
  /** {@code float}. */
  FP32(Float.BYTES, 24, 20),
  /** {@code double}. */
  FP64(Double.BYTES, 53, 20),
  /** 32-bit integers. */
  INT32(Integer.BYTES, 32, 32),
  /** 64-bit integers. */
  INT64(Long.BYTES, 64, 64);

  private final int bytes;
  private final int mostBits;
  private final int usualBits;

  ElementType(int bytes, int mostBits, int usualBits) {
    this.bytes = bytes;
    this.mostBits = mostBits;
    this.usualBits = usualBits;
  }

  /** Size of an element. */
  public int bytes() {
    return bytes;
  }

  /** An input can have so many random bits, each value exact. */
  public int mostBits() {
    return mostBits;
  }

  /** An input has so many random bits where nothing else is said. */
  int usualBits() {
    return usualBits;
  }
}
