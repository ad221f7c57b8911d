// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.measure.ConfigException;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;

/**
 * One array of a workload. What it holds before a sample, if it is not only written, follows from a
 * key: element i is the number that the highest {@code bits} bits of {@link Words#word word i} of
 * the key are, in INT64 with 64 bits and INT32 with 32 as the signed number with these bits.
 *
 * <p>Answers are compared bit for bit, and a fused multiply-add, another order of additions or a
 * vector unit may round otherwise. So choose as many bits as leave all arithmetic exact: {@code 3 x
 * + y} in FP32 is, with 20 bits.
 *
 * @param name by which kernels and oracle find it
 * @param elements how many, at least 1
 * @param bits random ones of each element, 1 .. {@link ElementType#mostBits}
 */
public record ArraySpec(String name, ElementType type, long elements, Role role, int bits) {
  /** What happens to an array in a sample. */
  public enum Role {
    /** It is read. */
    INPUT,
    /** It is read, and is part of the answer then. */
    IN_OUT,
    /** All of it is written, and is part of the answer. */
    OUTPUT
  }

  public ArraySpec {
    if (elements < 1 || elements > Long.MAX_VALUE / type.bytes()) {
      throw new ConfigException(
          "the array '%s' would have %d elements; choose other parameters"
              .formatted(name, elements));
    }
    if (bits < 1 || bits > type.mostBits()) {
      throw new IllegalArgumentException(
          "the array %s of %s has 1 .. %d bits, not %d"
              .formatted(name, type, type.mostBits(), bits));
    }
  }

  /** An array that is read. */
  public static ArraySpec input(String name, ElementType type, long elements) {
    return new ArraySpec(name, type, elements, Role.INPUT, type.usualBits());
  }

  /** An array that is read and written. */
  public static ArraySpec inOut(String name, ElementType type, long elements) {
    return new ArraySpec(name, type, elements, Role.IN_OUT, type.usualBits());
  }

  /** An array of which all is written. */
  public static ArraySpec output(String name, ElementType type, long elements) {
    return new ArraySpec(name, type, elements, Role.OUTPUT, type.usualBits());
  }

  /** The same with so many random bits in each element. */
  public ArraySpec withBits(int count) {
    return new ArraySpec(name, type, elements, role, count);
  }

  /** Its size. */
  public long bytes() {
    return elements * type.bytes();
  }

  /** Its size in 32-bit words. */
  public long words() {
    return bytes() / Integer.BYTES;
  }

  /** Whether it holds something before a sample. */
  public boolean given() {
    return role != Role.OUTPUT;
  }

  /** Whether it is part of the answer. */
  public boolean answered() {
    return role != Role.INPUT;
  }

  /**
   * Stores what a key gives in some of the elements. Allocates nothing; any thread, each its own
   * elements.
   *
   * @param array all of it
   * @param from the first of them
   * @param count how many
   */
  public void fill(MemorySegment array, long key, long from, int count) {
    long first = key + from * Words.STEP;
    long base = from * type.bytes();
    int shift = Long.SIZE - bits;
    switch (type) {
      case FP32 -> {
        for (int i = 0; i < count; i++) {
          array.set(JAVA_FLOAT, base + 4L * i, (int) (Words.word(first, i) >>> shift));
        }
      }
      case FP64 -> {
        for (int i = 0; i < count; i++) {
          array.set(JAVA_DOUBLE, base + 8L * i, (double) (Words.word(first, i) >>> shift));
        }
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          array.set(JAVA_INT, base + 4L * i, (int) (Words.word(first, i) >>> shift));
        }
      }
      case INT64 -> {
        for (int i = 0; i < count; i++) {
          array.set(JAVA_LONG, base + 8L * i, Words.word(first, i) >>> shift);
        }
      }
    }
  }

  /** The first element that is NaN; -1 where none is. */
  long firstNaN(MemorySegment array) {
    for (long i = 0; i < elements && (type == ElementType.FP32 || type == ElementType.FP64); i++) {
      if (type == ElementType.FP32
          ? Float.isNaN(array.getAtIndex(JAVA_FLOAT, i))
          : Double.isNaN(array.getAtIndex(JAVA_DOUBLE, i))) {
        return i;
      }
    }
    return -1;
  }

  /** An element as a person reads it. */
  public String text(MemorySegment array, long element) {
    return switch (type) {
      case FP32 -> Float.toString(array.getAtIndex(JAVA_FLOAT, element));
      case FP64 -> Double.toString(array.getAtIndex(JAVA_DOUBLE, element));
      case INT32 -> Integer.toString(array.getAtIndex(JAVA_INT, element));
      case INT64 -> Long.toString(array.getAtIndex(JAVA_LONG, element));
    };
  }
}
