// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.telemetry.Conclusions.Work;
import io.gpubench.measure.telemetry.TelemetryPart.Energy;
import io.gpubench.measure.telemetry.TelemetryPart.Gap;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import io.gpubench.measure.telemetry.TelemetryPart.Throttled;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConclusionsTest {
  private static final long MS = 1_000_000;
  private static final Work WORK = new Work("things", 10);

  private static TelemetryPart of(List<Column> columns, Polls polls, SampleTimes samples) {
    return Conclusions.of("file", columns, polls, samples, WORK, false);
  }

  private static SensorPart sensor(TelemetryPart part, String id) {
    return Objects.requireNonNull(part.sensors().get(id));
  }

  /** What was read before the first sample and after the last does not count. */
  @Test
  void readingsAreThoseBetweenTheFirstAndTheLastSample() {
    Polls polls =
        Made.polls(-100 * MS, 200 * MS, 10 * MS, at -> at < 0 || at > 100 * MS ? 900 : 50);
    var part = of(List.of(Made.level("x", false)), polls, Made.samples(100, MS, MS / 2));
    SensorPart x = sensor(part, "x");
    assertEquals(10, x.readings());
    assertEquals(50, x.min());
    assertEquals(50, x.mean());
    assertEquals(50, x.max());
    assertEquals(2, x.changes());
    assertEquals(31, part.polls());
    assertEquals(20_000, part.cost().medianNanos());
  }

  @Test
  void withoutSamplesAllReadingsCount() {
    Polls polls = Made.polls(0, 90 * MS, 10 * MS, at -> at / (double) MS);
    var part = of(List.of(Made.level("x", false)), polls, SampleTimes.NONE);
    assertEquals(10, sensor(part, "x").readings());
    assertEquals(45, sensor(part, "x").mean());
    assertNull(part.energy());
    assertNull(part.energyWhyNot());
  }

  @Test
  void aGapHasAReasonAndAnEndAndIsNoNumber() {
    Polls polls = Made.polls(0, 90 * MS, 10 * MS, _ -> 7);
    var gappy = new Polls(1);
    for (int poll = 0; poll < polls.count(); poll++) {
      gappy.begin(polls.atNanos(poll));
      if (poll >= 3 && poll <= 5) {
        gappy.set(0, Double.NaN, Sensors.LOST);
      } else if (poll == 6) {
        gappy.set(0, Double.NaN, Sensors.SENTINEL);
      } else if (poll != 8) {
        gappy.set(0, 7, null);
      }
    }
    var part = of(List.of(Made.level("x", false)), gappy, SampleTimes.NONE);
    assertEquals(
        List.of(
            new Gap("x", "lost", 3, 30 * MS, 50 * MS),
            new Gap("x", "sentinel", 1, 60 * MS, 60 * MS)),
        part.gaps());
    assertEquals(5, sensor(part, "x").readings());
    assertNull(sensor(part, "x").missing());
  }

  /** A stretch ends with a reading, and not where the sensor was not asked. */
  @Test
  void aSensorThatIsNeverThereIsMissingForOneReason() {
    var polls = new Polls(1);
    for (int poll = 0; poll < 4; poll++) {
      polls.begin(poll);
      if (poll != 2) {
        polls.set(0, Double.NaN, Sensors.NO_PERMISSION);
      }
    }
    var part = of(List.of(Made.level("x", true)), polls, SampleTimes.NONE);
    assertEquals("no-permission", sensor(part, "x").missing());
    assertEquals(List.of(new Gap("x", "no-permission", 3, 0, 3)), part.gaps());
    assertNull(sensor(part, "x").mean());
  }

  @Test
  void aLivelySensorThatNeverChangesIsNoNumber() {
    List<Column> columns = List.of(Made.level("power", true), Made.level("clock", false));
    Polls polls = Made.polls(0, 1_000 * MS, 50 * MS, _ -> 96, _ -> 1_500);
    Conclusions.discreditFrozen(columns, polls);
    var part = of(columns, polls, SampleTimes.NONE);
    assertEquals("frozen", sensor(part, "power").missing());
    assertNull(sensor(part, "power").mean());
    assertEquals(List.of(new Gap("power", "frozen", 21, 0, 1_000 * MS)), part.gaps());
    assertEquals(1_500, sensor(part, "clock").mean());
  }

  @Test
  void aSensorThatStopsChangingIsFrozenFromThenOn() {
    List<Column> columns = List.of(Made.level("power", true));
    Polls polls = Made.polls(0, 3_000 * MS, 50 * MS, at -> at < 1_000 * MS ? at : 96);
    Conclusions.discreditFrozen(columns, polls);
    var part = of(columns, polls, SampleTimes.NONE);
    assertEquals(List.of(new Gap("power", "frozen", 41, 1_000 * MS, 3_000 * MS)), part.gaps());
    assertEquals(20, sensor(part, "power").readings());
  }

  @Test
  void aCounterThatBeginsAnewHasNoIncreaseAndNoEnergy() {
    Polls polls =
        Made.polls(
            -500 * MS,
            2_000 * MS,
            5 * MS,
            at -> 200,
            at -> (at < 500 * MS ? 1_000 : 0) + at / 1e7,
            _ -> 300);
    var part = of(POWER_AND_ENERGY, polls, Made.samples(2_000, MS, MS / 2));
    assertNull(sensor(part, Sensor.ENERGY).increase());
    assertEquals("its counter began anew", part.energyWhyNot());
  }

  @Test
  void whatWasReadOnlyBeforeTheSamplesIsMissingBesideThem() {
    Polls polls = Made.polls(-500 * MS, -100 * MS, 50 * MS, _ -> 7);
    SensorPart x =
        sensor(of(List.of(Made.level("x", false)), polls, Made.samples(10, MS, MS / 2)), "x");
    assertEquals("not-read-beside-samples", x.missing());
    assertNull(x.mean());
  }

  @Test
  void aShortLookDoesNotTellThatASensorIsFrozen() {
    List<Column> columns = List.of(Made.level("power", true));
    Polls polls = Made.polls(0, 999 * MS, 50 * MS, _ -> 96);
    Conclusions.discreditFrozen(columns, polls);
    assertEquals(96, polls.value(0, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 100, 333, 1_000})
  void theUpdatePeriodIsFoundByDensePolls(long period) {
    Polls polls =
        Made.polls(0, 12 * period * MS, 5 * MS, at -> Math.floor(at / (period * (double) MS)));
    SensorPart x = sensor(of(List.of(Made.level("x", true)), polls, SampleTimes.NONE), "x");
    double seconds = Objects.requireNonNull(x.updateSeconds());
    assertEquals(period / 1e3, seconds, 0.006);
  }

  /** Then it is a bound: not shorter than what could be seen. */
  @Test
  void aSensorThatChangesAtEveryPollIsUpdatedAtLeastThatOften() {
    Polls polls = Made.polls(0, 1_000 * MS, 50 * MS, at -> at);
    SensorPart x = sensor(of(List.of(Made.level("x", true)), polls, SampleTimes.NONE), "x");
    assertEquals(0.05, x.updateSeconds());
  }

  /** Sparse polls of a long measurement do not outvote the dense ones of the warm-up. */
  @Test
  void theUpdatePeriodIsThatOfDensePolls() {
    var polls = Made.polls(-1_000 * MS, -5 * MS, 5 * MS, at -> Math.floorDiv(at, 60 * MS));
    polls.addAll(Made.polls(0, 60_000 * MS, 50 * MS, at -> Math.floorDiv(at, 60 * MS)));
    SensorPart x = sensor(of(List.of(Made.level("x", true)), polls, SampleTimes.NONE), "x");
    assertEquals(0.06, Objects.requireNonNull(x.updateSeconds()), 0.006);
  }

  @Test
  void fewChangesTellNothing() {
    Polls polls = Made.polls(0, 1_000 * MS, 50 * MS, at -> at < 500 * MS ? 1 : 2);
    SensorPart x = sensor(of(List.of(Made.level("x", true)), polls, SampleTimes.NONE), "x");
    assertNull(x.updateSeconds());
    assertEquals(1, x.changes());
  }

  /** Between two polls nobody knows when it began: both neighbours count. */
  @Test
  void samplesNextToAThrottledPollAreMarked() {
    Polls polls =
        Made.polls(
            0, 90 * MS, 10 * MS, at -> at == 30 * MS || at == 40 * MS ? 1 : at == 70 * MS ? 2 : 0);
    var part = of(List.of(Made.reasons("hot", "hungry")), polls, Made.samples(100, MS, MS / 2));
    assertEquals(
        List.of(new Throttled("hot", 20, 49), new Throttled("hungry", 60, 79)), part.throttled());
    SensorPart sensor = sensor(part, Sensor.THROTTLED_BY);
    assertEquals(2, Objects.requireNonNull(sensor.seen()).get("hot"));
    assertEquals(1, Objects.requireNonNull(sensor.seen()).get("hungry"));
    assertNull(sensor.mean());
  }

  @Test
  void throttlingAtTheEndsReachesToTheFirstAndTheLastSample() {
    Polls polls = Made.polls(10 * MS, 90 * MS, 40 * MS, at -> at == 50 * MS ? 0 : 1);
    var part = of(List.of(Made.reasons("hot")), polls, Made.samples(100, MS, MS / 2));
    assertEquals(
        List.of(new Throttled("hot", 0, 99)),
        part.throttled(),
        "one stretch: no poll between is alone");
  }

  private static final List<Column> POWER_AND_ENERGY =
      List.of(
          Made.level(Sensor.POWER_INSTANT, true),
          Made.counter(Sensor.ENERGY),
          Made.level(Sensor.POWER_LIMIT, false));

  /** 200 W, and the counter is updated every 20 ms. */
  private static Polls steady(long end) {
    return Made.polls(
        -500 * MS,
        end,
        5 * MS,
        at -> 200 + (at / MS % 2 == 0 ? 0.01 : 0),
        at -> 1e4 + 200 * Math.floorDiv(at, 20 * MS) * 0.020,
        _ -> 300);
  }

  @Test
  void energyPerUnitLiesInItsInterval() {
    // samples take 9/10 of the time, 10 units each, at 200 W: 0.9 ms x 200 W / 10
    var part = of(POWER_AND_ENERGY, steady(2_000 * MS), Made.samples(2_000, MS, MS * 9 / 10));
    Energy energy = Objects.requireNonNull(part.energy(), part.energyWhyNot());
    assertEquals(0.018, energy.joulesPerUnit(), 0.0003);
    assertTrue(energy.lower() <= 0.018 && 0.018 <= energy.upper(), energy.toString());
    // what was drawn in a tenth of the time may have been nothing, or 300 W; the counter lags by 20
    // ms
    double units = 20_000;
    assertEquals((400 - 0.2 * 300 - 6) / units, energy.lower(), 0.0002);
    assertEquals((400 + 6) / units, energy.upper(), 0.0002);
    assertEquals(0.9, energy.timedShare(), 0.001);
    assertEquals("things", energy.unit());
    assertEquals(20e-3 * 300, energy.slackJoules(), 0.01);
    assertNull(part.energyWhyNot());
  }

  @Test
  void energyIsRefusedForAWindowShorterThanAnUpdate() {
    var part = of(POWER_AND_ENERGY, steady(100 * MS), Made.samples(14, MS, MS * 9 / 10));
    assertNull(part.energy());
    assertEquals(
        "there are 0.010 s between two readings of its counter, which is updated every 0.020 s",
        part.energyWhyNot());
  }

  @Test
  void energyIsRefusedWithoutACounterOrWithOneThatStands() {
    var none =
        of(
            List.of(Made.level(Sensor.POWER_INSTANT, true)),
            Made.polls(0, 2_000 * MS, 5 * MS, at -> at),
            Made.samples(2_000, MS, MS / 2));
    assertEquals("no counter of energy has a reading", none.energyWhyNot());
    var stands =
        of(
            List.of(Made.counter(Sensor.ENERGY)),
            Made.polls(0, 2_000 * MS, 5 * MS, _ -> 5),
            Made.samples(2_000, MS, MS / 2));
    assertEquals(
        "its counter changed too seldom to tell how often it is updated", stands.energyWhyNot());
  }

  @Test
  void energyIsRefusedWhereSomebodyElseWorkedInTurn() {
    var part =
        Conclusions.of(
            "file",
            POWER_AND_ENERGY,
            steady(2_000 * MS),
            Made.samples(2_000, MS, MS / 2),
            WORK,
            true);
    assertNull(part.energy());
    assertNotNull(part.energyWhyNot());
  }

  /** Whatever was drawn between samples, what belongs to them lies in the interval. */
  @RepeatedTest(50)
  void theIntervalHoldsWhateverIsDrawnInBetween(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    double working = 100 + 400 * random.nextDouble();
    double pausing = 50 + 450 * random.nextDouble();
    double timed = 0.2 + 0.75 * random.nextDouble();
    long update = (5 + random.nextInt(60)) * MS;
    long every = 400_000L + random.nextInt(600_000);
    SampleTimes samples = Made.samples(3_000, every, (long) (timed * every));
    long end = samples.endOfLast();
    double[] energy = new double[(int) (end / 10_000) + 2];
    for (int i = 1; i < energy.length; i++) {
      long at = (i - 1) * 10_000L;
      energy[i] = energy[i - 1] + (at % every < timed * every ? working : pausing) * 1e-5;
    }
    Polls polls =
        Made.polls(
            0,
            end,
            5 * MS,
            _ -> timed * working + (1 - timed) * pausing, // real sensors average
            at -> energy[(int) (Math.floorDiv(at, update) * update / 10_000)],
            _ -> 500);
    Energy found =
        Objects.requireNonNull(of(POWER_AND_ENERGY, polls, samples).energy(), "an energy");
    double truth = working * timed * every / 1e9 / WORK.unitsPerSample();
    assertTrue(
        found.lower() <= truth * 1.001 && truth * 0.999 <= found.upper(),
        () -> truth + " is not in " + found);
  }

  @Test
  void samplesBesidePollsAreComparedWithSamplesBetweenThem() {
    // each poll takes 20 us; samples of 100 us that a poll meets take twice as long
    var polls = Made.polls(0, 1_000 * MS, 10 * MS, _ -> 1);
    long[] starts = new long[10_000];
    long[] durations = new long[10_000];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i * 100_000L;
      durations[i] = starts[i] % (10 * MS) == 0 ? 99_000 : 50_000;
    }
    var beside =
        of(List.of(Made.level("x", false)), polls, new SampleTimes(starts, durations)).beside();
    assertNotNull(beside);
    assertEquals(1.98, beside.ratio(), 0.01);
    assertEquals(1.98, Objects.requireNonNull(beside.lower()), 0.01);
    assertEquals(100, (float) beside.samples(), 1);
  }

  /** Long samples are met more often, beside polls and between them alike. */
  @Test
  void theLengthOfSamplesDoesNotLookLikeADisturbance() {
    var random = new Random(7);
    var polls = Made.polls(0, 4_000 * MS, 10 * MS, _ -> 1);
    long[] starts = new long[4_000];
    long[] durations = new long[4_000];
    long now = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = now;
      durations[i] = random.nextInt(10) == 0 ? 8 * MS : MS / 10;
      now += durations[i] + 1_000;
    }
    var beside =
        of(List.of(Made.level("x", false)), polls, new SampleTimes(starts, durations)).beside();
    assertNotNull(beside);
    double lower = Objects.requireNonNull(beside.lower());
    double upper = Objects.requireNonNull(beside.upper());
    assertTrue(lower <= 1 && 1 <= upper, beside.toString());
  }

  @Test
  void tooFewSamplesBesidePollsSayNothing() {
    var polls = Made.polls(0, 50 * MS, 10 * MS, _ -> 1);
    assertNull(of(List.of(Made.level("x", false)), polls, Made.samples(50, MS, MS / 2)).beside());
  }
}
