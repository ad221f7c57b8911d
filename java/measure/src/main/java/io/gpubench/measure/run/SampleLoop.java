// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.stats.MedianPrecision;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Warms a prepared run up until its times are steady, then samples it: stage, read the clock,
 * execute, read the clock, verify. Every sample is verified, those of the warm-up included, and the
 * first wrong answer ends the run. All memory is allocated before the first sample.
 *
 * <p>One loop serves one run and one thread.
 */
public final class SampleLoop {
  /** How long the loop lets pass between two calls of its observer, in milliseconds. */
  public static final int CHECKPOINT_MILLIS = 100;

  /**
   * The median interval is computed first at so many samples, and then whenever their number grew
   * by an eighth.
   */
  private static final int FIRST_EVALUATION = 64;

  private static final double STEADY = 0.02;
  private static final long WRONG = Long.MIN_VALUE;

  /**
   * After so many samples in a row without a positive duration the clock is taken to stand still.
   */
  public static final int STALL_LIMIT = 10_000;

  private static final int WINDOW_MIN = 16;
  private static final int WINDOW_MAX = 512;

  private final PreparedRun run;
  private final StoppingRule rule;
  private final Observer observer;
  private final Cancellation cancellation;
  private final Timer.Clock clock;
  private final Samples samples;
  private final @Nullable MedianPrecision precision;
  private final long[] recent = new long[2 * WINDOW_MAX];
  private final long[] older = new long[WINDOW_MAX];
  private final long[] newer = new long[WINDOW_MAX];
  private long next;
  private long startedAt;
  private long endedAt;
  private long stalled;
  private @Nullable String mismatch;

  /** Why measuring ended. */
  public enum Stop {
    /** The interval around the median was narrow enough. */
    PRECISE,
    /** The largest number of samples was reached. */
    SAMPLES,
    /** The time was used up. */
    TIME,
    /** Somebody asked for it. */
    INTERRUPTED,
    /** An answer was wrong. */
    MISMATCH,
    /** The clock stood still. */
    CLOCK
  }

  /**
   * What happened before measuring.
   *
   * @param samples how many were executed and verified
   * @param nanos how long it took
   * @param steady whether the medians of the last two windows were within 2 % of each other
   */
  public record Warmup(long samples, long nanos, boolean steady) {}

  /**
   * What a loop yields.
   *
   * @param elapsedNanos time for measuring, staging and verification included
   * @param verified how many answers were compared and right, warm-up included
   * @param mismatch what was wrong with the first wrong answer; null when all were right
   */
  public record Result(
      Samples samples,
      Warmup warmup,
      Stop stop,
      long elapsedNanos,
      long verified,
      @Nullable String mismatch) {}

  public SampleLoop(
      PreparedRun run, StoppingRule rule, Observer observer, Cancellation cancellation) {
    this(run, rule, observer, cancellation, Timer.Clock.SYSTEM);
  }

  SampleLoop(
      PreparedRun run,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock) {
    this.run = run;
    this.rule = rule;
    this.observer = observer;
    this.cancellation = cancellation;
    this.clock = clock;
    this.samples = new Samples(Math.toIntExact(rule.maxSamples()));
    this.precision =
        rule.relativePrecision() > 0 && rule.minSamples() < rule.maxSamples()
            ? new MedianPrecision(Math.toIntExact(rule.maxSamples()))
            : null;
  }

  /** What has been kept so far; still there when {@link #run} ends with an exception. */
  public Samples samples() {
    return samples;
  }

  /** Warms up and measures; to be called once. */
  public Result run() {
    Warmup warmup = warmUp();
    startedAt = clock.nanos();
    Stop stop = mismatch == null ? measure() : Stop.MISMATCH;
    long elapsed = clock.nanos() - startedAt;
    observer.checkpoint(Phase.MEASURE, samples, elapsed);
    long verified = mismatch == null ? next : next - 1;
    return new Result(samples, warmup, stop, elapsed, verified, mismatch);
  }

  private Warmup warmUp() {
    startedAt = clock.nanos();
    long nextCheckpoint = 0;
    long nextLook = 2L * WINDOW_MIN;
    boolean steady = false;
    while (true) {
      long slot = next;
      long duration = sample(false);
      if (duration == WRONG) {
        break;
      }
      recent[(int) (slot % recent.length)] = duration;
      long elapsed = endedAt - startedAt;
      if (elapsed >= nextCheckpoint) {
        nextCheckpoint = elapsed + CHECKPOINT_MILLIS * 1_000_000L;
        observer.checkpoint(Phase.WARMUP, samples, elapsed);
      }
      boolean enough = next >= rule.minWarmupSamples() && elapsed >= rule.minWarmupNanos();
      if (enough && next >= nextLook) {
        nextLook = next + next / 8 + WINDOW_MIN;
        steady = steady();
      }
      boolean over = enough && (steady || elapsed >= rule.maxWarmupNanos());
      if (over || cancellation.requested() || stalled > STALL_LIMIT) {
        break;
      }
    }
    return new Warmup(next, clock.nanos() - startedAt, steady);
  }

  private Stop measure() {
    long nextCheckpoint = CHECKPOINT_MILLIS * 1_000_000L;
    long nextEvaluation = Math.max(FIRST_EVALUATION, rule.minSamples());
    while (true) {
      if (sample(true) == WRONG) {
        return Stop.MISMATCH;
      }
      long elapsed = endedAt - startedAt;
      int count = samples.count();
      if (elapsed >= nextCheckpoint) {
        nextCheckpoint = elapsed + CHECKPOINT_MILLIS * 1_000_000L;
        observer.checkpoint(Phase.MEASURE, samples, elapsed);
      }
      if (cancellation.requested()) {
        return Stop.INTERRUPTED;
      }
      if (count >= rule.maxSamples()) {
        return Stop.SAMPLES;
      }
      if (elapsed >= rule.maxNanos()) {
        return Stop.TIME;
      }
      if (stalled > STALL_LIMIT) {
        return Stop.CLOCK;
      }
      if (precision != null && count >= nextEvaluation && elapsed >= rule.minNanos()) {
        nextEvaluation = count + count / 8 + 1L;
        if (precision.relativeHalfWidth(samples.durationArray(), count)
            <= rule.relativePrecision()) {
          return Stop.PRECISE;
        }
      }
    }
  }

  /** One sample: its duration in nanoseconds, or {@link #WRONG}. */
  private long sample(boolean keep) {
    long index = next++;
    run.stage(index);
    long before = clock.nanos();
    run.execute();
    endedAt = clock.nanos();
    long duration = endedAt - before;
    stalled = duration > 0 ? 0 : stalled + 1;
    if (!run.verify(index)) {
      mismatch = "sample " + index + ": " + run.mismatch(index);
      return WRONG;
    }
    if (keep) {
      samples.add(before - startedAt, duration);
    }
    return duration;
  }

  /** Whether the medians of the last two windows agree. */
  private boolean steady() {
    int window = (int) Math.min(WINDOW_MAX, next / 2);
    for (int i = 0; i < window; i++) {
      newer[i] = recent[(int) ((next - 1 - i) % recent.length)];
      older[i] = recent[(int) ((next - 1 - window - i) % recent.length)];
    }
    double late = median(newer, window);
    return Math.abs(median(older, window) - late) <= STEADY * late;
  }

  private static double median(long[] values, int count) {
    Arrays.sort(values, 0, count);
    return (values[(count - 1) / 2] + values[count / 2]) / 2.0;
  }
}
