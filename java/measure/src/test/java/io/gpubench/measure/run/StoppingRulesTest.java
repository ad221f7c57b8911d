// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.stats.EntropyTrend;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Each criterion stops a run when it should, not before its guards, and none goes on for ever. */
class StoppingRulesTest {
  private static final long FOREVER = 1_000_000_000_000L;
  private static final EntropyTrend.Limits USUAL = EntropyTrend.Limits.USUAL;

  private static StoppingRule entropy(long min, long max, long minNanos, long maxNanos) {
    return new StoppingRule(min, max, minNanos, maxNanos, 0, USUAL, 1, 0, 0);
  }

  private static Measurement.Result run(LongUnaryOperator durations, StoppingRule rule) {
    var run = new ScriptedRun(durations);
    return new Measurement(new SampleLoop(run, run), rule, Observer.NONE, new Cancellation(), run)
        .run();
  }

  @Test
  void theNumbersSayWhichCriterionItIs() {
    assertEquals(Criterion.COUNT, new StoppingRule(5, 5, 0, 1, 0.1, 0, 0, 0).criterion());
    assertEquals(Criterion.COUNT, entropy(5, 5, 0, 1).criterion());
    assertEquals(Criterion.PRECISION, new StoppingRule(5, 6, 0, 1, 0.1, 0, 0, 0).criterion());
    assertEquals(Criterion.ENTROPY, entropy(5, 6, 0, 1).criterion());
    assertEquals(Criterion.TIME, new StoppingRule(5, 6, 0, 1, 0, 0, 0, 0).criterion());
    assertThrows(
        IllegalArgumentException.class, () -> new StoppingRule(5, 6, 0, 1, 0.1, USUAL, 0, 0, 0));
  }

  @Test
  void aRuleIsReadBackAndOneWithoutEntropyLooksAsItDidBefore() {
    JsonMapper json = JsonMapper.shared();
    StoppingRule rule = entropy(5, 6, 7, 8);
    assertEquals(rule, json.readValue(json.writeValueAsString(rule), StoppingRule.class));
    var old = new StoppingRule(5, 6, 7, 8, 0.1, 9, 10, 11);
    String text = json.writeValueAsString(old);
    assertFalse(text.contains("entropy") || text.contains("criterion"), text);
    assertEquals(old, json.readValue(text, StoppingRule.class));
  }

  @Test
  void entropyStopsWhenTheDistributionIsKnown() {
    var random = new SplittableRandom(7);
    var result =
        run(
            _ -> Math.max(1, (long) random.nextGaussian(50_000, 1_000)),
            entropy(1_000, 100_000, 0, FOREVER));
    assertEquals(Stop.ENTROPY, result.stop());
    int count = result.samples().count();
    assertTrue(count > 1_500 && count < 20_000, "stopped at " + count);
    assertEquals(count, result.samples().durations().length);
  }

  @Test
  void constantAndTwoValuedTimesStopAtTheMinimumAndNotBefore() {
    assertEquals(777, run(_ -> 500, entropy(777, 100_000, 0, FOREVER)).samples().count());
    var two = run(sample -> sample % 2 == 0 ? 500 : 900, entropy(777, 100_000, 0, FOREVER));
    assertEquals(Stop.ENTROPY, two.stop());
    assertEquals(777, two.samples().count());
  }

  @Test
  void entropyIsNoReasonToStopBeforeTheMinimumTime() {
    var result = run(_ -> 2_000, entropy(10, 100_000, 40_000_000, FOREVER));
    assertEquals(Stop.ENTROPY, result.stop());
    assertTrue(result.elapsedNanos() >= 40_000_000);
    assertTrue(result.elapsedNanos() < 50_000_000, "stopped at " + result.elapsedNanos());
  }

  @Test
  void whatNeverBecomesFlatEndsAtTheMostSamplesOrTheTime() {
    var samples = run(sample -> 1_000 * (sample + 1), entropy(10, 3_000, 0, FOREVER));
    assertEquals(Stop.SAMPLES, samples.stop());
    assertEquals(3_000, samples.samples().count());
    var time = run(sample -> 1_000 * (sample + 1), entropy(10, 3_000, 0, 50_000_000));
    assertEquals(Stop.TIME, time.stop());
    assertTrue(time.elapsedNanos() >= 50_000_000);
  }

  @Test
  void precisionStopsForTwoValuedTimesToo() {
    var rule = new StoppingRule(100, 100_000, 0, FOREVER, 0.01, 1, 0, 0);
    var result = run(sample -> sample % 3 == 0 ? 900 : 500, rule);
    assertEquals(Stop.PRECISE, result.stop());
  }

  @Test
  void timeAloneGoesOnAsLongAsItLasts() {
    var result = run(_ -> 2_000, new StoppingRule(1, 100_000, 0, 30_000_000, 0, 1, 0, 0));
    assertEquals(Stop.TIME, result.stop());
    assertTrue(result.elapsedNanos() >= 30_000_000);
  }

  @Test
  void countTakesExactlySoMany() {
    var result = run(_ -> 2_000, new StoppingRule(4_321, 4_321, 0, FOREVER, 0.9, 1, 0, 0));
    assertEquals(Stop.SAMPLES, result.stop());
    assertEquals(4_321, result.samples().count());
  }

  /** As with samples that an engine times while the clock of this process is held. */
  @Test
  void aClockThatStandsStillWhileSamplesHaveTimesEndsTheRun() {
    var run = new ScriptedRun(_ -> 2_000);
    var result =
        new Measurement(
                new SampleLoop(run, run),
                entropy(100_000, 200_000, 1_000_000, FOREVER),
                Observer.NONE,
                new Cancellation(),
                () -> 42)
            .run();
    assertEquals(Stop.CLOCK, result.stop());
    assertTrue(result.samples().count() <= 2 * Measurement.STALL_LIMIT);
  }

  @Test
  void aWarmUpOnAClockThatStandsStillEnds() {
    var run = new ScriptedRun(_ -> 2_000);
    var measurement =
        new Measurement(
            new SampleLoop(run, run),
            new StoppingRule(10, 100, 0, FOREVER, 0, 1, 1_000_000, FOREVER),
            Observer.NONE,
            new Cancellation(),
            () -> 42);
    measurement.warmUp();
    assertEquals(Stop.CLOCK, measurement.ended());
  }
}
