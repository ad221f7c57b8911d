// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.words;

/**
 * The words that a key stands for: those of the generator splitmix64 (Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators", OOPSLA 2014) with the key as its state, so that each
 * can be made by itself, and without memory. All arithmetic wraps.
 */
public final class Words {
  /** 2^64 divided by the golden ratio, odd. */
  public static final long STEP = 0x9E3779B97F4A7C15L;

  private Words() {}

  /** Word i of a key, from 0. */
  public static long word(long key, long i) {
    return mix64(key + (i + 1) * STEP);
  }

  /** The finaliser of splitmix64: variant 13 of Stafford. A bijection. */
  public static long mix64(long value) {
    long z = value;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
