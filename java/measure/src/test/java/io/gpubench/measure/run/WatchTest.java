// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int ROTATING = 1_000;
  private static final int BATCHES = 200;

  private final List<Long> firsts = new ArrayList<>();
  private final List<Long> asked = new ArrayList<>();
  private long now;
  private LongUnaryOperator answers = WatchTest::answer;

  private static long answer(long sample) {
    return sample * 0x9e3779b97f4a7c15L;
  }

  private Watch watch(long rotating, Timer.Clock watched) {
    return new Watch(
        new Fake(),
        new Watch.Inputs(rotating, WatchTest::answer),
        new Random(1),
        new ClockWatch(watched, () -> OptionalLong.of(now)),
        () -> now);
  }

  /** Batches of 100 samples, as a measurement asks for them. */
  private SampleBatch take(Watch watch, int batches) {
    SampleBatch last = watch.take(0, 100, 100 * MILLI, 0);
    for (int i = 1; i < batches; i++) {
      last = watch.take(100L * i, 100, 100 * MILLI, 0);
    }
    return last;
  }

  @Test
  void nobodyKnowsWhichSampleComesNextExceptTheFirst() {
    take(watch(Long.MAX_VALUE, () -> now), BATCHES);
    assertEquals(0, firsts.getFirst());
    var jumps = new HashSet<Long>();
    for (int i = 1; i < BATCHES; i++) {
      long jump = firsts.get(i) - firsts.get(i - 1) - 100;
      assertTrue(jump >= 0 && jump < 1 << 20, "jump " + jump);
      jumps.add(jump);
    }
    assertTrue(jumps.size() > 50, "only " + jumps);
  }

  /** What was used a moment ago still lies in the caches. */
  @Test
  void aRotationIsUsedAsAWholeBetweenTwoJumps() {
    long rotating = 1_000;
    take(watch(rotating, () -> now), BATCHES);
    var jumps = new HashSet<Long>();
    for (int i = 1; i < BATCHES; i++) {
      long jump = firsts.get(i) - firsts.get(i - 1) - 100;
      assertTrue(jump >= 0 && jump < rotating / 4, "jump " + jump);
      assertTrue(jump == 0 || i % 10 == 0, "jump after batch " + i);
      jumps.add(jump);
    }
    assertTrue(jumps.size() > 1, "only " + jumps);
  }

  @Test
  void anyAnswerMayBeAskedForAgainButNotOften() {
    Watch watch = watch(ROTATING, () -> now);
    assertNull(take(watch, BATCHES).mismatch());
    assertEquals(asked.size(), watch.asked());
    // asking takes 5 ms here, a batch 100: one in fifty of the time is one ask in two and a half
    assertTrue(asked.size() >= 60 && asked.size() <= 90, asked.size() + " of " + BATCHES);
    assertTrue(new HashSet<>(asked).size() > 50, asked.toString());
    assertTrue(asked.stream().allMatch(sample -> sample >= 0 && sample < ROTATING));
  }

  @Test
  void aWrongAnswerEndsItAndSaysWhichItWas() {
    answers = sample -> firsts.size() < 5 ? answer(sample) : 7;
    Watch watch = watch(ROTATING, () -> now);
    SampleBatch batch = take(watch, 1);
    for (int i = 1; batch.mismatch() == null; i++) {
      batch = watch.take(100L * i, 100, 100 * MILLI, 0);
    }
    long sample = asked.getLast();
    assertEquals(
        "sample %d, asked for again in between: the answer's digest is 0000000000000007, expected %016x"
            .formatted(sample, answer(sample)),
        batch.mismatch());
    assertEquals(asked.size() - 1, watch.asked());
  }

  @Test
  void aClockThatGoesSlowlyEndsIt() {
    SampleBatch batch = take(watch(ROTATING, () -> now / 2), 3);
    assertEquals(
        "the clock of the samples counted 150 ms while the system's uptime counted 300: one of them is wrong,"
            + " or the machine slept",
        batch.implausible());
  }

  @Test
  void withFewInputsNothingIsSkipped() {
    take(watch(2, () -> now), 5);
    assertEquals(List.of(0L, 100L, 200L, 300L, 400L), firsts);
  }

  @Test
  void withAnInputForEachSampleJumpsAreShortEnoughToCount() {
    take(watch(Long.MAX_VALUE, () -> now), BATCHES);
    assertTrue(firsts.getLast() < (long) BATCHES << 20);
    assertTrue(firsts.getLast() > (long) BATCHES << 15);
  }

  /** A batch takes 100 ms, an answer 5. */
  private final class Fake implements Measurer {
    private final SampleBatch batch = new SampleBatch();

    @Override
    public SampleBatch take(long first, long samples, long nanos, int discard) {
      firsts.add(first);
      now += nanos;
      batch.clear();
      for (long i = 0; i < samples; i++) {
        batch.add(first + i, 1);
      }
      return batch;
    }

    @Override
    public long[] digests(long... samples) {
      asked.add(samples[0]);
      now += 5 * MILLI;
      return new long[] {answers.applyAsLong(samples[0])};
    }

    @Override
    public Facts facts() {
      throw new AssertionError();
    }

    @Override
    public SelfCheck selfCheck() {
      throw new AssertionError();
    }

    @Override
    public Prepared prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      throw new AssertionError(Map.of());
    }

    @Override
    public Telemetry telemetry() {
      throw new AssertionError();
    }

    @Override
    public void close() {}
  }
}
