// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.PreparedRun.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * By a clock that goes on by a tick whenever it is read: what is injected is counted, not timed.
 */
class SlowdownTest {
  private static final long TICK = 25;

  /** A clock whose readings take time, beside a run that takes some too. */
  private static final class Ticking implements Timer.Clock {
    private final ScriptedRun run;
    private long read;

    Ticking(ScriptedRun run) {
      this.run = run;
    }

    @Override
    public long nanos() {
      read++;
      return run.nanos() + read * TICK;
    }
  }

  private static SampleBatch take(ScriptedRun run, Timer.Clock clock, Slowdown slowdown) {
    return new SampleLoop(run, clock, slowdown).take(0, 100, Long.MAX_VALUE / 2, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.001, 1.02, 1.1, 2.5, 10})
  void aSampleTakesSoManyTimesItsOwnTime(double factor) {
    var run = new ScriptedRun(sample -> 1_000 + 997 * (sample % 7));
    long[] slow = take(run, new Ticking(run), new Slowdown(factor)).durations();
    assertEquals(100, slow.length);
    for (int i = 0; i < slow.length; i++) {
      long own = 1_000 + 997 * ((i + 1) % 7) + TICK;
      assertTrue(
          slow[i] >= own * factor && slow[i] < own * factor + TICK,
          "%d ns of %d by %f".formatted(slow[i], own, factor));
    }
  }

  @Test
  void withoutItNothingReadsTheClockMoreOften() {
    var run = new ScriptedRun(_ -> 1_000);
    var plain = new Ticking(run);
    long[] durations = take(run, plain, null).durations();
    long[] expected = new long[100];
    Arrays.fill(expected, 1_000 + TICK);
    assertArrayEquals(expected, durations);
    assertEquals(1 + 2 * 101, plain.read, "one at the beginning, two a sample");
  }

  @Test
  void stagingAndVerifyingAreNotSlowedDown() {
    var run = new ScriptedRun(_ -> 1_000);
    var batch = take(run, new Ticking(run), new Slowdown(2));
    long between = batch.startNanos(1) - batch.startNanos(0) - batch.durationNanos(0);
    assertEquals(ScriptedRun.STAGE_NANOS + ScriptedRun.VERIFY_NANOS + TICK, between);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.0009, 0, -2, 10.01, Double.NaN, Double.POSITIVE_INFINITY})
  void anotherFactorIsRefused(double factor) {
    var refused = assertThrows(ConfigException.class, () -> new Slowdown(factor));
    assertTrue(String.valueOf(refused.getMessage()).contains("expected a factor of 1.001 .. 10"));
  }

  @Test
  void onlyTheHostsClockCanBeSlowedDown() {
    Slowdown.check(Clock.HOST);
    for (Clock clock : new Clock[] {Clock.DEVICE, Clock.BATCH}) {
      var refused = assertThrows(ConfigException.class, () -> Slowdown.check(clock));
      assertTrue(String.valueOf(refused.getMessage()).contains(clock.word()));
    }
  }
}
