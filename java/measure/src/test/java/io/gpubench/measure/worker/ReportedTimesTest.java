// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedTimesTest {
  private static final long MILLI = 1_000_000;

  /** A worker with a clock of its own: 50 batches of 20 samples of about 4 ms, with pauses. */
  private static @Nullable String doubt(long seed, LongUnaryOperator clock) {
    var random = new SplittableRandom(seed);
    long now = 1_000 * MILLI;
    var times = new ReportedTimes(now);
    for (int batch = 0; batch < 50; batch++) {
      now += random.nextLong(5 * MILLI);
      long sent = now;
      now += random.nextLong(MILLI);
      long[] starts = new long[20];
      long[] durations = new long[20];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = clock.applyAsLong(now);
        now += 4 * MILLI + random.nextLong(MILLI);
        durations[i] = clock.applyAsLong(now) - starts[i];
        now += random.nextLong(MILLI / 10);
      }
      now += random.nextLong(MILLI);
      String doubt = times.impossible(starts, durations, sent, now);
      if (doubt != null) {
        return doubt;
      }
    }
    return null;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anHonestClockOfAnyOriginIsBelieved(long seed) {
    assertNull(doubt(seed, now -> now));
    assertNull(doubt(seed, now -> now - 5_000_000_000_000L));
    assertNull(doubt(seed, now -> now + (1L << 60)));
    assertNull(doubt(seed, now -> now + now / 10_000), "a clock that gains 0.01 %");
    assertNull(doubt(seed, now -> now / 1_000 * 1_000), "a clock of microseconds");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aClockInAnotherUnitIsNot(long seed) {
    assertNotNull(doubt(seed, now -> now / 1_000), "microseconds for nanoseconds");
    assertNotNull(doubt(seed, now -> now / 2), "half the speed");
    assertNotNull(doubt(seed, now -> 2 * now), "twice the speed");
    assertNotNull(doubt(seed, now -> now - now / 20), "one that loses 5 %");
  }

  @Test
  void samplesFromBeforeTheRequestAreNot() {
    var times = new ReportedTimes(0);
    assertNull(
        times.impossible(new long[] {10 * MILLI}, new long[] {MILLI}, 9 * MILLI, 12 * MILLI));
    assertNotNull(
        times.impossible(new long[] {20 * MILLI}, new long[] {MILLI}, 2_000 * MILLI, 2_003 * MILLI),
        "it rested for two seconds by our clock, and for ten milliseconds by its own");
  }

  @Test
  void sumsDoNotOverflow() {
    var times = new ReportedTimes(0);
    assertEquals(
        "a sample is said to have taken 9,223,372,036,854,775,807 ns, but its request was answered after"
            + " 1,000,000 ns",
        times.impossible(new long[] {0, 5}, new long[] {Long.MAX_VALUE, 10}, 0, MILLI));
    assertNotNull(times.impossible(new long[] {Long.MAX_VALUE}, new long[] {10}, 0, MILLI));
    assertNotNull(times.impossible(new long[] {Long.MIN_VALUE}, new long[] {10}, 0, MILLI));
  }
}
