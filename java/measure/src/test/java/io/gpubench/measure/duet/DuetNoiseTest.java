// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What duets are for: a machine that is now faster and now slower, for both sides alike. */
class DuetNoiseTest {
  private static final long MILLI = 1_000_000;
  private static final double TRUE_RATIO = 1.1;
  private static final double BASE_NANOS = 100_000;
  private static final int DUETS = 60;
  private static final Duet.Rule RULE = new Duet.Rule(400, 3 * MILLI, 0, 100_000 * MILLI);
  private static final StoppingRule STOPPING_RULE =
      new StoppingRule(400, RULE.room(), 0, 100_000 * MILLI, 0, 10, 0, 20 * MILLI);

  /**
   * How much slower the machine is than usual, by time: AR(1) or a random walk, in steps of 10 ms.
   */
  private static final class Drift {
    private static final long STEP_NANOS = 10 * MILLI;
    private final SplittableRandom random;
    private final double memory;
    private final double step;
    private long at;
    private double level;

    /**
     * A drift.
     *
     * @param memory what is left of the level after a step: e^-0.1 forgets within 100 ms
     */
    Drift(SplittableRandom random, double memory, double step) {
      this.random = random;
      this.memory = memory;
      this.step = step;
    }

    double factor(long now) {
      for (; at <= now; at += STEP_NANOS) {
        level = memory * level + step * random.nextGaussian();
      }
      return Math.exp(level);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSharedDriftCancelsAndTheRatioIsRight(boolean walk) {
    var random = new SplittableRandom(20);
    var stage = new Stage();
    var drift =
        walk ? new Drift(random.split(), 1, 0.02) : new Drift(random.split(), Math.exp(-0.1), 0.1);
    LongUnaryOperator workOfA = now -> duration(random, drift, now, 1);
    LongUnaryOperator workOfB = now -> duration(random, drift, now, TRUE_RATIO);
    var a = new ArrayList<Statistics>();
    var b = new ArrayList<Statistics>();
    for (int i = 0; i < DUETS; i++) {
      Side begins = random.nextBoolean() ? Side.A : Side.B;
      Duet.Result result =
          new Duet(
                  measurement(stage, stage.player("a", workOfA)),
                  measurement(stage, stage.player("b", workOfB)),
                  RULE,
                  begins,
                  new Cancellation(),
                  stage)
              .play();
      a.add(statistics(result.a()));
      b.add(statistics(result.b()));
    }
    DuetSummary.Metric duets = DuetSummary.of(a, b).median();
    DuetSummary.Metric runs = separately(stage, workOfA, workOfB);
    assertTrue(duets.spread() < runs.spread() / 5, duets.spread() + " against " + runs.spread());
    assertTrue(duets.spread() < duets.unpairedSpread() / 5, duets.toString());
    // five standard errors at the spread seen
    assertEquals(
        Math.log(TRUE_RATIO), Math.log(duets.ratio()), 5 * duets.spread() / Math.sqrt(DUETS));
    assertTrue(duets.spread() < 0.035, duets.toString());
    assertTrue(duets.lower() > 1.08 && duets.upper() < 1.12, duets.toString());
  }

  /** The same work, one process after the other. */
  private static DuetSummary.Metric separately(
      Stage stage, LongUnaryOperator workOfA, LongUnaryOperator workOfB) {
    List<List<Statistics>> sides = List.of(new ArrayList<>(), new ArrayList<>());
    var rule = new StoppingRule(400, 400, 0, 100_000 * MILLI, 0, 10, 0, 20 * MILLI);
    for (int i = 0; i < DUETS; i++) {
      for (int side = 0; side < 2; side++) {
        var player = stage.player("", side == 0 ? workOfA : workOfB);
        var samples =
            new Measurement(player, rule, Observer.NONE, new Cancellation(), stage).run().samples();
        sides.get(side).add(Statistics.of(samples.durations()));
      }
    }
    return DuetSummary.of(sides.get(0), sides.get(1)).median();
  }

  private static long duration(SplittableRandom random, Drift drift, long now, double ratio) {
    double own = Math.exp(0.02 * random.nextGaussian());
    return Math.round(BASE_NANOS * ratio * drift.factor(now) * own);
  }

  private static Measurement measurement(Stage stage, Stage.Player player) {
    return new Measurement(player, STOPPING_RULE, Observer.NONE, new Cancellation(), stage);
  }

  private static Statistics statistics(Duet.Part part) {
    var result = part.result();
    assertNotNull(result);
    return Statistics.of(result.samples().durations());
  }
}
