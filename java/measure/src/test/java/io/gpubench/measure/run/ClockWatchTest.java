// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(10);

  private long now = 5_000 * SECOND;

  /** What is said of a clock after so long. */
  private @Nullable String doubt(LongUnaryOperator clock, long nanos) {
    var watch =
        new ClockWatch(() -> clock.applyAsLong(now), () -> OptionalLong.of(now / STEP * STEP));
    now += nanos;
    return watch.doubt();
  }

  @Test
  void anHonestClockOfAnyOriginIsBelieved() {
    for (long nanos : new long[] {0, 1, STEP, SECOND / 7, SECOND, 3_600 * SECOND}) {
      assertNull(doubt(time -> time, nanos));
      assertNull(doubt(time -> time - 9_000 * SECOND, nanos));
      assertNull(doubt(time -> time + time / 1_000, nanos), "a clock that gains 0.1 %");
    }
  }

  @Test
  void aClockOfAnotherSpeedIsNot() {
    assertEquals(
        "the clock of the samples counted 500 ms while the system's uptime counted 1,000: one of them is wrong,"
            + " or the machine slept",
        doubt(time -> time / 2, SECOND));
    assertNotNull(doubt(time -> 2 * time, SECOND));
    assertNotNull(doubt(_ -> 7, SECOND), "it stands still");
    assertNotNull(doubt(time -> -time, SECOND), "it runs backwards");
    assertNotNull(doubt(time -> time - time / 20, 2 * SECOND), "it loses 5 %");
    assertNotNull(doubt(time -> time / 2, SECOND / 5), "soon enough");
  }

  @Test
  void withoutAnotherClockNothingIsFound() {
    var watch = new ClockWatch(() -> 0, OptionalLong::empty);
    now += SECOND;
    assertNull(watch.doubt());
  }

  @Test
  void theClocksOfThisMachineAgree() throws Exception {
    var watch = new ClockWatch();
    Thread.sleep(120);
    assertNull(watch.doubt());
  }
}
