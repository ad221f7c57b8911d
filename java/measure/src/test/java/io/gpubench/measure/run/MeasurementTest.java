// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.spi.PreparedRun;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final long FOREVER = 1_000_000_000_000L;

  private static StoppingRule exactly(long samples, long warmup) {
    return new StoppingRule(samples, samples, 0, FOREVER, 0, warmup, 0, 0);
  }

  private static Measurement.Result run(ScriptedRun run, StoppingRule rule) {
    return new Measurement(new SampleLoop(run, run), rule, Observer.NONE, new Cancellation(), run)
        .run();
  }

  @Test
  void onlyTheWorkIsInsideTheTimedWindow() {
    var run = new ScriptedRun(sample -> 100 + sample);
    var result = run(run, exactly(5, 3));
    assertEquals(Stop.SAMPLES, result.stop());
    long first = result.samples().durationNanos(0);
    for (int i = 0; i < 5; i++) {
      assertEquals(first + i, result.samples().durationNanos(i));
    }
    long step = ScriptedRun.STAGE_NANOS + ScriptedRun.VERIFY_NANOS + first;
    assertEquals(0, result.samples().startNanos(0));
    assertEquals(step, result.samples().startNanos(1));
  }

  @Test
  void everySampleIsStagedExecutedAndVerifiedInThatOrder() {
    var run = new ScriptedRun(_ -> 100);
    var result = run(run, exactly(2, 1));
    assertEquals(
        List.of("stage 0", "execute", "verify 0", "stage 1", "execute", "verify 1"),
        run.calls.subList(0, 6));
    assertEquals(result.warmup().samples() + 2, result.verified());
  }

  @Test
  void stopsAtTheTime() {
    var rule = new StoppingRule(1, 100_000, 0, 10_000_000, 0, 0, 0, 0);
    var result = run(new ScriptedRun(_ -> 2_000), rule);
    assertEquals(Stop.TIME, result.stop());
    assertEquals(10_000_000 / 20_000, result.samples().count(), 1);
  }

  @Test
  void stopsWhenTheMedianIsKnownWellEnoughAndNotBefore() {
    var random = new SplittableRandom(5);
    var rule = new StoppingRule(100, 100_000, 0, FOREVER, 0.01, 0, 0, 0);
    var result = run(new ScriptedRun(_ -> random.nextLong(9_000, 11_000)), rule);
    assertEquals(Stop.PRECISE, result.stop());
    // uniform over +-10 %: the interval's half-width is near 0.1 * 2 / sqrt(n)
    assertTrue(result.samples().count() > 200, "stopped at " + result.samples().count());
    assertTrue(result.samples().count() < 1_500, "stopped at " + result.samples().count());
  }

  @Test
  void constantTimesAreNeverStoppedBelowTheMinimum() {
    var rule = new StoppingRule(777, 100_000, 0, FOREVER, 0.01, 0, 0, 0);
    assertEquals(777, run(new ScriptedRun(_ -> 500), rule).samples().count());
  }

  @Test
  void precisionIsNoReasonToStopBeforeTheMinimumTime() {
    var rule = new StoppingRule(10, 100_000, 40_000_000, FOREVER, 0.01, 0, 0, 0);
    var result = run(new ScriptedRun(_ -> 2_000), rule);
    assertEquals(Stop.PRECISE, result.stop());
    assertTrue(result.elapsedNanos() >= 40_000_000);
    assertTrue(result.elapsedNanos() < 50_000_000, "stopped at " + result.elapsedNanos());
  }

  @Test
  void aWrongAnswerEndsTheRun() {
    var result = run(new ScriptedRun(_ -> 100, 40), exactly(100, 1));
    assertEquals(Stop.MISMATCH, result.stop());
    assertEquals("sample 40: word 3 is 1, expected 2", result.mismatch());
    assertEquals(40, result.verified());
  }

  @Test
  void aWrongAnswerInTheWarmUpLeavesNoSamples() {
    var result = run(new ScriptedRun(_ -> 100, 0), exactly(100, 10));
    assertEquals(Stop.MISMATCH, result.stop());
    assertEquals(0, result.samples().count());
    assertEquals(0, result.verified());
    assertNotNull(result.mismatch());
  }

  @Test
  void warmsUpUntilTheTimesAreSteady() {
    // falls by 1 % a sample for 300 samples, then stays
    var run =
        new ScriptedRun(sample -> (long) (1e6 * Math.pow(0.99, (double) Math.min(sample, 300))));
    var result = run(run, new StoppingRule(10, 10, 0, FOREVER, 0, 8, 0, FOREVER));
    assertTrue(result.warmup().steady());
    assertTrue(result.warmup().samples() > 300, "warm-up ended at " + result.warmup().samples());
    assertTrue(result.warmup().samples() < 3_000, "warm-up ended at " + result.warmup().samples());
  }

  @Test
  void warmUpEndsAtItsTimeWhenTheTimesNeverSettle() {
    var run = new ScriptedRun(sample -> 1_000 * (sample + 1));
    var result = run(run, new StoppingRule(10, 10, 0, FOREVER, 0, 8, 0, 50_000_000));
    assertFalse(result.warmup().steady());
    assertEquals(10, result.samples().count());
    assertTrue(result.warmup().nanos() >= 50_000_000);
  }

  @Test
  void warmUpKeepsItsMinimumTime() {
    var run = new ScriptedRun(_ -> 1_000);
    var result = run(run, new StoppingRule(10, 10, 0, FOREVER, 0, 0, 30_000_000, FOREVER));
    assertTrue(result.warmup().nanos() >= 30_000_000);
  }

  @Test
  void aClockThatStandsStillEndsTheRunAndSaysSo() {
    var run = new ScriptedRun(_ -> 0);
    var loop =
        new Measurement(
            new SampleLoop(run, () -> 42),
            new StoppingRule(10, 100, 0, FOREVER, 0, 1, 1_000_000, FOREVER),
            Observer.NONE,
            new Cancellation(),
            () -> 42);
    var result = loop.run();
    assertEquals(Stop.CLOCK, result.stop());
    assertEquals(0, result.samples().count());
    assertEquals(
        List.of("the clock did not advance"), List.copyOf(result.samples().discards().keySet()));
  }

  @Test
  void aRequestEndsTheRunAfterTheSampleAndKeepsWhatIsThere() {
    var cancellation = new Cancellation();
    var run = new ScriptedRun(_ -> 1_000_000);
    Observer stopAtSecondCheckpoint =
        (phase, samples, _) -> {
          if (phase == Phase.MEASURE && samples.count() > 0) {
            cancellation.request();
          }
        };
    var result =
        new Measurement(
                new SampleLoop(run, run),
                exactly(100_000, 1),
                stopAtSecondCheckpoint,
                cancellation,
                run)
            .run();
    assertEquals(Stop.INTERRUPTED, result.stop());
    assertTrue(result.samples().count() > 50 && result.samples().count() < 200);
    assertNull(result.mismatch());
  }

  @Test
  void theObserverSeesTheLastSample() {
    var seen = new AtomicLong();
    var run = new ScriptedRun(_ -> 100);
    new Measurement(
            new SampleLoop(run, run),
            exactly(1_234, 1),
            (_, samples, _) -> seen.set(samples.count()),
            new Cancellation(),
            run)
        .run();
    assertEquals(1_234, seen.get());
  }

  @Test
  void aSampleMakesNoGarbage() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    allocatedBy(threads, 20_000);
    long few = allocatedBy(threads, 20_000);
    long many = allocatedBy(threads, 120_000);
    // the sample arrays themselves grow by 16 bytes a sample; nothing else may
    long extra = many - few - 100_000L * 16;
    assertTrue(Math.abs(extra) < 4_096, extra + " bytes of garbage in 100,000 samples");
  }

  private static long allocatedBy(ThreadMXBean threads, int samples) {
    var run = new Spin();
    long before = threads.getCurrentThreadAllocatedBytes();
    new Measurement(new SampleLoop(run), exactly(samples, 1_000), Observer.NONE, new Cancellation())
        .run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Work that takes a little time and allocates nothing. */
  private static final class Spin implements PreparedRun {
    private long state = 1;

    @Override
    public void stage(long sample) {
      state = sample;
    }

    @Override
    public void execute() {
      for (int i = 0; i < 50; i++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
      }
    }

    @Override
    public boolean verify(long sample) {
      return state != 0;
    }

    @Override
    public String mismatch(long sample) {
      return "zero";
    }

    @Override
    public long digest() {
      return 0;
    }

    @Override
    public Work work() {
      return new Work(50, 0, 100);
    }

    @Override
    public long inputs() {
      return EACH_ITS_OWN;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of();
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {}
  }
}
