// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;
import io.gpubench.measure.spi.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody who looks on is told of a measurement, and when. */
class PhasesTest {
  private static final long MILLI = 1_000_000;
  private static final String HOT = "sw-thermal-slowdown";
  private static final Subject SUBJECT = Subject.of("scripted");

  private final List<String> told = new ArrayList<>();
  private Subject expected = SUBJECT;
  private boolean inside;
  private final ScriptedRun run =
      new ScriptedRun(_ -> {
        inside = true;
        return MILLI - 18_000;
      });

  /** Of the throttle guard; lasts in the time of the run. */
  private long slept;

  @BeforeEach
  void lookOn() {
    Phases.shown((phase, subject) -> {
      assertEquals(expected, subject);
      told.add(phase.word());
      inside = false;
      return new Mark() {
        @Override
        public void took(long first, int leftOut, SampleBatch batch) {
          assertTrue(inside, "samples were taken");
          told.add("took from %d: %d, %d left out".formatted(first, batch.count(), leftOut));
        }

        @Override
        public void discarded(String why) {
          told.add("discarded: " + why);
        }

        @Override
        public void close() {
          told.add("end of " + phase.word());
        }
      };
    });
  }

  @AfterEach
  void lookAway() {
    Phases.shown(Onlooker.NONE);
  }

  private Measurement measurement(StoppingRule rule, LongPredicate hot) {
    return new Measurement(
        new SampleLoop(run, this::now),
        rule,
        Observer.NONE,
        new Cancellation(),
        this::now,
        () -> new Telemetry(null, null, null, null, hot.test(now()) ? List.of(HOT) : List.of()),
        new Phases(SUBJECT),
        nanos -> slept += nanos);
  }

  private long now() {
    return run.nanos() + slept;
  }

  @Test
  void phasesNestAndBatchesAreToldOf() {
    var rule = new StoppingRule(150, 150, 0, 60_000 * MILLI, 0, 1, 0, 0);
    measurement(rule, _ -> false).run();
    assertEquals(
        List.of(
            "warm-up",
            "batch",
            "took from 0: 1, 0 left out",
            "end of batch",
            "end of warm-up",
            "measure",
            "batch",
            "took from 1: 101, 0 left out",
            "end of batch",
            "batch",
            "took from 102: 49, 1 left out",
            "end of batch",
            "end of measure"),
        told);
  }

  @Test
  void whatIsNotKeptIsSaidAfterItsTimeHasEnded() {
    var rule = new StoppingRule(2_000, 2_000, 0, 60_000 * MILLI, 0, 1, 0, 0);
    long origin = now();
    measurement(rule, now -> now - origin >= 450 * MILLI && now - origin < 900 * MILLI).run();
    int discarded = told.indexOf("discarded: throttled: " + HOT);
    assertTrue(discarded > 0, told.toString());
    assertTrue(told.get(discarded - 1).startsWith("took from "), told.toString());
    assertEquals("end of batch", told.get(discarded + 1));
  }

  @Test
  void phasesEndWhenTheEngineFails() {
    Sampler failing =
        (_, _, _, _) -> {
          throw new EngineException("gone");
        };
    var measurement =
        new Measurement(
            failing,
            new StoppingRule(5, 5, 0, MILLI, 0, 1, 0, 0),
            Observer.NONE,
            new Cancellation(),
            this::now,
            () -> Telemetry.NONE,
            new Phases(SUBJECT));
    assertThrows(EngineException.class, measurement::run);
    assertEquals(List.of("warm-up", "batch", "end of batch", "end of warm-up"), told);
  }

  @Test
  void aSamplerIsToldWhatItsSamplesAreFor() {
    expected = Subject.of("");
    var purposes = new ArrayList<Phase>();
    var loop = new SampleLoop(run, this::now);
    Sampler sampler =
        new Sampler() {
          @Override
          public void next(Phase phase) {
            purposes.add(phase);
          }

          @Override
          public SampleBatch take(long first, long samples, long nanos, int discard) {
            assertFalse(purposes.isEmpty());
            return loop.take(first, samples, nanos, discard);
          }
        };
    new Measurement(
            sampler,
            new StoppingRule(5, 5, 0, 60_000 * MILLI, 0, 1, 0, 0),
            Observer.NONE,
            new Cancellation(),
            this::now)
        .run();
    assertEquals(List.of(Phase.WARM_UP, Phase.MEASURE), purposes);
  }
}
