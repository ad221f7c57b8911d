// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagePoolTest {
  private static final int PAGES = 64;

  @Test
  void contiguousFramesLieOneBehindTheOther() {
    var pool = new PagePool(setting(PAGES, false, true, 1), 0);
    pool.deal(3);
    assertEquals(2 * PAGES, pool.free());
    assertArrayEquals(IntStream.range(PAGES, 2 * PAGES).toArray(), take(pool, PAGES));
    assertArrayEquals(IntStream.range(0, PAGES).toArray(), take(pool, PAGES));
    assertEquals(0, pool.free());
  }

  @Test
  void scatteredFramesDifferFromSampleToSampleAndTierToTier() {
    MigrationParameters setting = setting(PAGES, true, false, 7);
    var pool = new PagePool(setting, 0);
    var other = new PagePool(setting, 1);
    pool.deal(5);
    other.deal(5);
    int[] five = take(pool, PAGES);
    assertFalse(Arrays.equals(five, take(other, PAGES)));
    pool.deal(6);
    assertFalse(Arrays.equals(five, take(pool, PAGES)));
    pool.deal(5);
    assertArrayEquals(five, take(pool, PAGES), "the same sample, the same frames");
    var again = new PagePool(setting, 0);
    again.deal(5);
    assertArrayEquals(five, take(again, PAGES), "in every process");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverIsTakenAndGivenNoFrameIsHandedOutTwice(long seed) {
    var random = new SplittableRandom(seed);
    MigrationParameters setting = setting(1 + random.nextInt(200), true, true, seed);
    var pool = new PagePool(setting, 1);
    pool.deal(seed);
    var inUse = new HashSet<Integer>();
    var held = new java.util.ArrayDeque<int[]>();
    for (int i = 0; i < 500; i++) {
      if (random.nextBoolean() && pool.free() > 0) {
        int[] taken = take(pool, 1 + random.nextInt(pool.free()));
        for (int frame : taken) {
          assertTrue(frame >= 0 && frame < setting.frames(), () -> "frame " + frame);
          assertTrue(inUse.add(frame), () -> "frame " + frame + " twice");
        }
        held.add(taken);
      } else if (!held.isEmpty()) {
        int[] back = held.poll();
        give(pool, back);
        for (int frame : back) {
          inUse.remove(frame);
        }
      }
      assertEquals(setting.frames() - inUse.size(), pool.free());
    }
  }

  /** Each frame is the first one about as often as any other: chi-square of 15 degrees. */
  @Test
  void anyOrderIsAsLikely() {
    var pool = new PagePool(setting(8, true, false, 11), 0);
    int frames = 16;
    int samples = 16_000;
    int[] first = new int[frames];
    for (int sample = 0; sample < samples; sample++) {
      pool.deal(sample);
      first[take(pool, 1)[0]]++;
    }
    double expected = (double) samples / frames;
    double chi = 0;
    for (int count : first) {
      chi += (count - expected) * (count - expected) / expected;
    }
    double seen = chi;
    assertTrue(seen < 37.7, () -> "chi-square " + seen); // 0.1 % of true ones are beyond
  }

  @Test
  void neitherMoreThanThereAre() {
    var pool = new PagePool(setting(2, false, false, 1), 0);
    assertThrows(IllegalStateException.class, () -> take(pool, 3));
    int[] one = take(pool, 1);
    give(pool, one);
    assertThrows(IllegalStateException.class, () -> give(pool, one));
  }

  private static MigrationParameters setting(
      int pages, boolean scattered, boolean both, long seed) {
    return new MigrationParameters(
        Tier.parse("pageable"), Tier.parse("pinned"), 4096, pages, scattered, both, false, seed);
  }

  private static int[] take(PagePool pool, int count) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(4L * count, 4);
      pool.take(count, into);
      return into.toArray(ValueLayout.JAVA_INT);
    }
  }

  private static void give(PagePool pool, int[] frames) {
    pool.give(frames.length, MemorySegment.ofArray(frames));
  }
}
