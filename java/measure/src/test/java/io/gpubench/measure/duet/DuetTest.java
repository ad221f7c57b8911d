// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Instruments;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Telemetry;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DuetTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final Duet.Rule RULE = new Duet.Rule(400, 3 * MILLI, 0, 10 * SECOND);

  private final Stage stage = new Stage();
  private final Cancellation cancellation = new Cancellation();
  private Stage.Player a = stage.player("a", _ -> 100_000);
  private Stage.Player b = stage.player("b", _ -> 150_000);

  @ParameterizedTest
  @EnumSource(Side.class)
  void slicesAlternateInRoundsOfFour(Side begins) {
    Duet.Result result = play(RULE, begins);
    String round = begins == Side.A ? "a b b a" : "b a a b";
    assertEquals(0, stage.order.size() % 4);
    assertEquals(
        String.join(" ", Collections.nCopies(stage.order.size() / 4, round)),
        String.join(" ", stage.order));
    assertEquals(stage.order.size(), result.slices());
    assertEquals(begins, result.began());
    assertEquals(a.slices, b.slices);
  }

  @Test
  void bothHaveTheSamplesWantedAndNoRoundMore() {
    Duet.Result result = play(RULE, Side.A);
    var ofA = measured(result, Side.A);
    var ofB = measured(result, Side.B);
    assertEquals(Stop.SAMPLES, ofA.stop());
    assertEquals(Stop.SAMPLES, ofB.stop());
    assertTrue(ofB.samples().count() >= 400, "the slower side has all");
    assertTrue(ofB.samples().count() < 400 + 2 * 30, "and no more than of another round");
    assertTrue(ofA.samples().count() > ofB.samples().count());
    assertEquals(Set.of(1), Set.copyOf(a.discards), "the first call of a slice is discarded");
    assertEquals(0, ofA.samples().startNanos(0));
    assertEquals(ofA.elapsedNanos(), ofB.elapsedNanos());
  }

  @Test
  void warmsUpBothForLongEnoughThatACompilerIsDone() {
    Duet.Result result = play(RULE, Side.B);
    for (Side side : Side.values()) {
      var warmup = measured(result, side).warmup();
      assertTrue(warmup.samples() >= Duet.WARMUP_SAMPLES, side + ": " + warmup);
      assertTrue(warmup.steady());
    }
  }

  @Test
  void theLongestWarmUpBoundsTheSamplesDesired() {
    a = stage.player("a", _ -> 10 * MILLI);
    Duet.Result result = play(RULE, Side.A);
    var warmup = measured(result, Side.A).warmup();
    assertTrue(warmup.samples() < Duet.WARMUP_SAMPLES, warmup.toString());
    assertTrue(warmup.nanos() >= SECOND && warmup.nanos() < 2 * SECOND, warmup.toString());
  }

  @Test
  void goesOnForTheShortestTime() {
    Duet.Result result = play(new Duet.Rule(400, 3 * MILLI, SECOND, 10 * SECOND), Side.A);
    var ofA = measured(result, Side.A);
    assertEquals(Stop.SAMPLES, ofA.stop());
    assertTrue(ofA.elapsedNanos() >= SECOND && ofA.elapsedNanos() < SECOND + 20 * MILLI);
  }

  @Test
  void theTimeEndsItAfterAWholeRound() {
    Duet.Result result = play(new Duet.Rule(400, 3 * MILLI, 0, 50 * MILLI), Side.A);
    assertEquals(Stop.TIME, measured(result, Side.A).stop());
    assertEquals(Stop.TIME, measured(result, Side.B).stop());
    assertEquals(20, result.slices(), "50 ms are in the fifth round of 12 ms");
    assertTrue(measured(result, Side.B).samples().count() < 400);
  }

  @Test
  void samplesLongerThanASliceAreSlicesOfOneAndNoneIsDiscarded() {
    a = stage.player("a", _ -> 5 * MILLI);
    b = stage.player("b", _ -> 7 * MILLI);
    Duet.Result result = play(new Duet.Rule(21, 3 * MILLI, 0, 10 * SECOND), Side.A);
    assertEquals(44, result.slices());
    assertEquals(22, measured(result, Side.A).samples().count());
    assertEquals(22, measured(result, Side.B).samples().count());
    assertEquals(Set.of(0), Set.copyOf(a.discards));
  }

  @Test
  void aFastSideHasRoomWhileASlowOneTakesOneSampleASlice() {
    a = stage.player("a", _ -> 1);
    b = stage.player("b", _ -> 4 * MILLI);
    Duet.Result result = play(RULE, Side.B);
    assertEquals(Stop.SAMPLES, measured(result, Side.A).stop());
    assertEquals(400, measured(result, Side.B).samples().count());
    assertEquals(400 * RULE.mostOfSlice(), measured(result, Side.A).samples().count());
    assertTrue(measured(result, Side.A).samples().count() <= RULE.room());
  }

  @Test
  void aSideWithoutRoomEndsItWhole() {
    var rule = new Duet.Rule(10, 3 * MILLI, 9 * SECOND, 10 * SECOND);
    a = stage.player("a", _ -> 1);
    Duet.Result result = play(rule, Side.A);
    assertEquals(Stop.SAMPLES, measured(result, Side.A).stop());
    assertEquals(Stop.SAMPLES, measured(result, Side.B).stop());
    assertEquals(a.slices, b.slices);
    assertTrue(measured(result, Side.A).elapsedNanos() < 9 * SECOND);
  }

  @Test
  void aSideThatFailsEndsItAtOnce() {
    b.failsAtSlice = 6;
    Duet.Result result = play(RULE, Side.A);
    assertEquals("b is lost", String.valueOf(result.b().failure().getMessage()));
    assertNull(result.b().result());
    assertNull(result.a().failure());
    assertEquals(Stop.INTERRUPTED, measured(result, Side.A).stop());
    assertTrue(measured(result, Side.A).samples().count() > 0);
    assertEquals(11, result.slices(), "a b b a, a b b a, a b b");
    assertEquals("b", stage.order.getLast());
  }

  @Test
  void aSideThatFailsToWarmUpLeavesTheOtherWithoutAResult() {
    b.failsAtSlice = 0;
    Duet.Result result = play(RULE, Side.A);
    assertNotNull(result.b().failure());
    assertEquals(
        new Duet.Part(null, null), result.a(), "b warms up before a, which measures first");
    assertEquals(0, result.slices());
  }

  @Test
  void aWrongAnswerEndsItAtOnce() {
    a.wrongAtSlice = 3;
    Duet.Result result = play(RULE, Side.A);
    assertEquals(Stop.MISMATCH, measured(result, Side.A).stop());
    assertEquals("a is wrong", measured(result, Side.A).mismatch());
    assertEquals(Stop.INTERRUPTED, measured(result, Side.B).stop());
    assertEquals(5, result.slices());
  }

  @Test
  void aWrongAnswerInTheWarmUpIsNotForgotten() {
    b.wrongAtSlice = 0;
    Duet.Result result = play(RULE, Side.A);
    assertEquals(Stop.MISMATCH, measured(result, Side.B).stop());
    assertEquals(0, result.slices());
  }

  @Test
  void timesThatCannotBeEndItAtOnce() {
    b.doubtfulAtSlice = 2;
    Duet.Result result = play(RULE, Side.B);
    assertEquals(Stop.IMPLAUSIBLE, measured(result, Side.B).stop());
    assertEquals("b cannot be", measured(result, Side.B).implausible());
    assertEquals(4, result.slices());
  }

  @Test
  void aRequestEndsItBetweenTwoSlices() {
    b.atSlice =
        () -> {
          if (b.slices == 3) {
            cancellation.request();
          }
        };
    Duet.Result result = play(RULE, Side.A);
    assertEquals(Stop.INTERRUPTED, measured(result, Side.A).stop());
    assertEquals(Stop.INTERRUPTED, measured(result, Side.B).stop());
    assertEquals(6, result.slices(), "a b b a, a b");
    assertFalse(measured(result, Side.B).samples().count() == 0);
  }

  @Test
  void aRequestBeforeTheFirstSliceLeavesNoSamples() {
    cancellation.request();
    Duet.Result result = play(RULE, Side.A);
    assertEquals(0, result.slices());
    assertEquals(0, measured(result, Side.A).samples().count());
  }

  /**
   * While the other side measures a worker may die, which is noticed when its sensors are asked.
   */
  @Test
  void aSideWhoseSensorsCannotBeAskedFailsAlone() {
    var rule = new Duet.Rule(400, 3 * MILLI, SECOND, 10 * SECOND);
    Instruments dead =
        new Instruments() {
          @Override
          public Telemetry read() {
            return Telemetry.NONE;
          }

          @Override
          public void between() {
            throw new EngineException("the worker is gone");
          }
        };
    Duet.Result result =
        new Duet(
                measurement(a, rule, Instruments.NONE),
                measurement(b, rule, dead),
                rule,
                Side.A,
                cancellation,
                stage)
            .play();
    assertNotNull(result.of(Side.B).failure());
    assertNull(result.of(Side.A).failure());
    assertEquals(Stop.INTERRUPTED, measured(result, Side.A).stop());
  }

  private Duet.Result play(Duet.Rule rule, Side begins) {
    return new Duet(
            measurement(a, rule, Instruments.NONE),
            measurement(b, rule, Instruments.NONE),
            rule,
            begins,
            cancellation,
            stage)
        .play();
  }

  private Measurement measurement(Stage.Player player, Duet.Rule rule, Instruments instruments) {
    var stoppingRule =
        new StoppingRule(rule.samples(), rule.room(), 0, rule.maxNanos(), 0, 10, 0, SECOND);
    return new Measurement(player, stoppingRule, Observer.NONE, cancellation, stage, instruments);
  }

  private static Measurement.Result measured(Duet.Result result, Side side) {
    var measured = result.of(side).result();
    assertNotNull(measured);
    return measured;
  }
}
