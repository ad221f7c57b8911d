// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of samples of a device that says it is throttled; on a clock of its own. */
class ThrottleGuardTest {
  private static final long MILLI = 1_000_000;
  private static final String HOT = "sw-thermal-slowdown";

  private final Cancellation cancellation = new Cancellation();
  private final ScriptedRun run = new ScriptedRun(_ -> MILLI - 18_000);
  private final long origin = run.nanos();
  private long asked;
  private long slept;
  private Observer observer = Observer.NONE;

  /** A clock that goes on while nothing is done. */
  private long now() {
    return run.nanos() + slept;
  }

  /** Measures samples of 1 ms each on a device that says this at that time in nanoseconds. */
  private Measurement measurement(StoppingRule rule, LongFunction<@Nullable List<String>> says) {
    return new Measurement(
        new SampleLoop(run, this::now),
        rule,
        observer,
        cancellation,
        this::now,
        () -> {
          asked++;
          return new Telemetry(null, null, null, null, says.apply(now() - origin));
        },
        nanos -> slept += nanos);
  }

  private static StoppingRule exactly(long samples, long maxNanos) {
    return new StoppingRule(samples, samples, 0, maxNanos, 0, 1, 0, 0);
  }

  private static List<String> between(long now, long fromMillis, long toMillis) {
    return now >= fromMillis * MILLI && now < toMillis * MILLI ? List.of(HOT) : List.of();
  }

  private static Throttling throttling(Measurement.Result result) {
    Throttling throttling = result.throttling();
    assertNotNull(throttling);
    return throttling;
  }

  @Test
  void aBatchThatEndsThrottledIsDiscardedAndRepeatedOnceTheDeviceHasRecovered() {
    var result = measurement(exactly(2_000, 60_000 * MILLI), now -> between(now, 450, 900)).run();
    assertEquals(Stop.SAMPLES, result.stop());
    assertEquals(2_000, result.samples().count(), "as many as wanted, all from a cool device");
    Map<String, Long> discards = result.samples().discards();
    assertEquals(
        List.of("throttled: " + HOT, "warm-up after a pause"), List.copyOf(discards.keySet()));
    for (long discarded : discards.values()) {
      assertTrue(discarded > 90 && discarded <= 100, discards.toString());
    }
    for (int i = 0; i < 2_000; i++) {
      // the first sample begins a millisecond after the clock
      long began = result.samples().startNanos(i) / MILLI;
      assertTrue(began < 450 || began > 900, "sample " + i + " at " + began + " ms");
    }
    Throttling throttling = throttling(result);
    assertTrue(
        throttling.lostSeconds() > 0.5 && throttling.lostSeconds() < 0.8, throttling::toString);
    assertEquals(0, throttling.throttledSamples());
    assertTrue(!throttling.boundReached(), throttling::toString);
    assertEquals(asked, throttling.looks());
    assertTrue(asked < 40, "asked " + asked + " times in 2.6 s");
  }

  @Test
  void oneThatIsThrottledFromTheStartGetsItsPauseFirst() {
    var result = measurement(exactly(500, 60_000 * MILLI), now -> between(now, 0, 1_000)).run();
    assertEquals(500, result.samples().count());
    assertEquals(
        List.of("warm-up after a pause"), List.copyOf(result.samples().discards().keySet()));
    assertTrue(slept >= 900 * MILLI, "slept " + slept);
  }

  @Test
  void afterAQuarterOfTheTimeSamplesAreKeptAndItIsSaid() {
    var result =
        measurement(
                new StoppingRule(10, 100_000, 0, 4_000 * MILLI, 0, 1, 0, 0),
                now -> between(now, 450, Long.MAX_VALUE / MILLI))
            .run();
    assertEquals(Stop.TIME, result.stop());
    Throttling throttling = throttling(result);
    assertTrue(throttling.boundReached());
    assertEquals(1, throttling.lostSeconds(), 0.002, "a quarter");
    long cool = result.samples().count() - throttling.throttledSamples();
    assertEquals(400, (double) cool, 10, "until it became hot");
    assertTrue(throttling.throttledSamples() > 2_000, throttling::toString);
    assertTrue(result.elapsedNanos() < 4_200 * MILLI, "ended at " + result.elapsedNanos());
  }

  @Test
  void fiveSecondsInARowAreTheMostHoweverLongTheTime() {
    var result =
        measurement(exactly(100, 3_600_000 * MILLI), _ -> List.of("hw-slowdown", "sw-power-cap"))
            .run();
    assertEquals(100, result.samples().count());
    Throttling throttling = throttling(result);
    assertEquals(100, throttling.throttledSamples());
    assertTrue(throttling.boundReached());
    assertEquals(5, throttling.lostSeconds(), 0.002);
    assertEquals(Map.of("hw-slowdown", asked, "sw-power-cap", asked), throttling.seen());
  }

  @Test
  void againAndAgainIsBoundedToo() {
    // half a second in each second, so that no pause is long
    var result =
        measurement(
                new StoppingRule(10, 100_000, 0, 20_000 * MILLI, 0, 1, 0, 0),
                now -> now / MILLI % 1_000 < 500 ? List.of(HOT) : List.of())
            .run();
    assertEquals(Stop.TIME, result.stop());
    Throttling throttling = throttling(result);
    assertTrue(throttling.boundReached());
    assertEquals(5, throttling.lostSeconds(), 0.5, "a quarter");
    assertTrue(result.samples().count() > 10_000, "kept " + result.samples().count());
  }

  @Test
  void thePowerLimitAloneOnlyMarks() {
    var result = measurement(exactly(1_000, 60_000 * MILLI), _ -> List.of("sw-power-cap")).run();
    assertEquals(Map.of(), result.samples().discards());
    Throttling throttling = throttling(result);
    assertEquals(Map.of("sw-power-cap", throttling.looks()), throttling.seen());
    assertEquals(0, throttling.throttledSamples());
    assertEquals(0, throttling.lostSeconds());
    assertEquals(0, slept);
  }

  @Test
  void aDeviceThatCannotTellIsAskedOnce() {
    var result = measurement(exactly(5_000, 60_000 * MILLI), _ -> null).run();
    assertEquals(5_000, result.samples().count());
    assertNull(result.throttling());
    assertEquals(1, asked);
  }

  @Test
  void whatItDoesNotKnowForAMomentCostsNothing() {
    var result =
        measurement(
                exactly(1_000, 60_000 * MILLI),
                now -> now > 300 * MILLI && now < 700 * MILLI ? null : List.of())
            .run();
    assertEquals(1_000, result.samples().count());
    assertEquals(Map.of(), result.samples().discards());
    assertTrue(throttling(result).looks() < asked);
  }

  @Test
  void aBatchThatAloneIsLongerThanTheBoundIsKept() {
    var slow = new ScriptedRun(_ -> 2_000 * MILLI);
    var result =
        new Measurement(
                new SampleLoop(slow, slow),
                new StoppingRule(1, 100, 0, 4_000 * MILLI, 0, 1, 0, 0),
                Observer.NONE,
                cancellation,
                slow,
                () ->
                    new Telemetry(null, null, null, null, between(slow.nanos(), 2_100, 1_000_000)),
                _ -> {})
            .run();
    assertEquals(2, result.samples().count(), "two fit into the time, and none was given up");
    assertTrue(throttling(result).boundReached());
  }

  @Test
  void aPauseEndsOnAClockThatStandsStill() {
    var measurement =
        new Measurement(
            new SampleLoop(run, run),
            exactly(10, 60_000 * MILLI),
            observer,
            cancellation,
            () -> 42,
            () -> new Telemetry(null, null, null, null, List.of(HOT)),
            _ -> {});
    assertEquals(Stop.SAMPLES, measurement.run().stop());
  }

  @Test
  void aRequestEndsAPause() {
    observer =
        (phase, _, _) -> {
          if (phase == Phase.MEASURE && slept > 1_000 * MILLI) {
            cancellation.request();
          }
        };
    var result = measurement(exactly(500, 60_000 * MILLI), _ -> List.of(HOT)).run();
    assertEquals(Stop.INTERRUPTED, result.stop());
    assertTrue(slept < 2_000 * MILLI, "slept " + slept);
  }

  @Test
  void aDeviceThatIsLostWhenItIsAskedLeavesWhatItDidBefore() {
    var measurement =
        measurement(
            exactly(1_000, 60_000 * MILLI),
            now -> {
              if (now > 350 * MILLI) {
                throw new EngineException("gone");
              }
              return List.of();
            });
    assertThrows(EngineException.class, measurement::run);
    assertEquals(400, measurement.samples().count(), 10.0, "the batch before the question too");
  }

  @Test
  void slicesAreMarkedAndNeverDiscarded() {
    var measurement = measurement(exactly(1_000, 60_000 * MILLI), now -> between(now, 15, 1_000));
    var warmup = measurement.warmUp();
    for (int i = 0; i < 8; i++) {
      measurement.slice(100, 5 * MILLI);
      measurement.checkpoint(i * 5L * MILLI);
    }
    var result = measurement.result(warmup, Stop.SAMPLES, 40 * MILLI);
    assertEquals(Map.of(), result.samples().discards());
    Throttling throttling = throttling(result);
    assertEquals(8, throttling.looks());
    assertTrue(throttling.throttledSamples() > 0, throttling::toString);
    assertTrue(throttling.throttledSamples() < result.samples().count(), throttling::toString);
    assertEquals(0, slept);
  }
}
