// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArraySpecTest {
  private static MemorySegment filled(ArraySpec spec, long key) {
    MemorySegment array = Arena.ofAuto().allocate(spec.bytes(), 64);
    spec.fill(array, key, 0, (int) spec.elements());
    return array;
  }

  /** Whoever fills it, in whatever parts, it is the same. */
  @ParameterizedTest
  @EnumSource
  void partsAreWhatTheWholeIs(ElementType type) {
    var random = new SplittableRandom(7);
    for (int trial = 0; trial < 50; trial++) {
      ArraySpec spec =
          ArraySpec.input("x", type, 1 + random.nextInt(300))
              .withBits(1 + random.nextInt(type.mostBits()));
      long key = random.nextLong();
      MemorySegment whole = filled(spec, key);
      MemorySegment parts = Arena.ofAuto().allocate(spec.bytes(), 64);
      for (long from = 0; from < spec.elements(); ) {
        int count = (int) Math.min(1 + random.nextInt(40), spec.elements() - from);
        spec.fill(parts, key, from, count);
        from += count;
      }
      assertEquals(-1, whole.mismatch(parts));
    }
  }

  @Test
  void elementsAreTheHighestBitsOfTheWords() {
    long key = 99;
    MemorySegment floats = filled(ArraySpec.input("x", ElementType.FP32, 100).withBits(3), key);
    MemorySegment ints = filled(ArraySpec.input("x", ElementType.INT32, 100), key);
    MemorySegment longs = filled(ArraySpec.input("x", ElementType.INT64, 100), key);
    var seen = new java.util.TreeSet<Float>();
    for (int i = 0; i < 100; i++) {
      long word = Words.word(key, i);
      seen.add(floats.getAtIndex(JAVA_FLOAT, i));
      assertEquals(word >>> 61, (long) floats.getAtIndex(JAVA_FLOAT, i));
      assertEquals((int) (word >>> 32), ints.getAtIndex(JAVA_INT, i));
      assertEquals(word, longs.getAtIndex(JAVA_LONG, i));
    }
    assertEquals(List.of(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f), List.copyOf(seen));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> ArraySpec.input("x", ElementType.FP32, 9).withBits(25))
            .getMessage()
            .contains("1 .. 24 bits, not 25"));
    assertEquals(
        "the array 'x' would have 0 elements; choose other parameters",
        assertThrows(ConfigException.class, () -> ArraySpec.output("x", ElementType.INT64, 0))
            .getMessage());
    var twice = ArraySpec.output("x", ElementType.INT64, 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ArraySet(List.of(twice, twice), spec -> MemorySegment.ofArray(new long[1])));
    var set = new ArraySet(List.of(twice), spec -> MemorySegment.ofArray(new long[1]));
    assertEquals(
        "no array 'y' among [x]",
        assertThrows(IllegalArgumentException.class, () -> set.of("y")).getMessage());
  }
}
