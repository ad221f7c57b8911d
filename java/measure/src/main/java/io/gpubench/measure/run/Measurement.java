// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.stats.MedianPrecision;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Warms a prepared run up until its times are steady, then samples it until a stopping rule is
 * satisfied, batch by batch. Between two batches nothing is sampled: that is when the observer
 * looks on, the rule is evaluated and, where the sampler is another process, samples travel; so the
 * first sample after a pause is discarded, unless samples are so long that the pause does not
 * matter.
 *
 * <p>One measurement serves one run and one thread.
 */
public final class Measurement {
  /** How long a batch goes on at most, in milliseconds; a single sample may take longer. */
  public static final int BATCH_MILLIS = 100;

  /**
   * After so many samples in a row without a positive duration the clock is taken to stand still.
   */
  public static final int STALL_LIMIT = 10_000;

  private static final long BATCH_NANOS = BATCH_MILLIS * 1_000_000L;

  /**
   * The median interval is computed first at so many samples, and then whenever their number grew
   * by an eighth.
   */
  private static final int FIRST_EVALUATION = 64;

  private static final double STEADY = 0.02;
  private static final int WINDOW_MIN = 16;
  private static final int WINDOW_MAX = 512;

  /** In a batch with fewer samples, each is so long that a pause before it does not matter. */
  private static final int MANY = 10;

  private final Sampler sampler;
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
  private long verified;
  private long stalled;
  private long shortest = Long.MAX_VALUE;
  private int discard;
  private @Nullable String mismatch;
  private @Nullable String implausible;
  private @Nullable Warmup warmup;

  /** Why measuring ended. */
  public enum Stop {
    /** The interval around the median was narrow enough. */
    PRECISE,
    /** The largest number of samples was reached, or the one that was wanted. */
    SAMPLES,
    /** The time was used up. */
    TIME,
    /** Somebody asked for it. */
    INTERRUPTED,
    /** An answer was wrong. */
    MISMATCH,
    /** The times that another process reported cannot be. */
    IMPLAUSIBLE,
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
   * What a measurement yields.
   *
   * @param elapsedNanos time for measuring, staging and verification included
   * @param verified how many answers were compared and right, warm-up and discarded ones included
   * @param mismatch what was wrong with the first wrong answer; null when all were right
   * @param implausible why the times cannot be believed; null when they can
   */
  public record Result(
      Samples samples,
      Warmup warmup,
      Stop stop,
      long elapsedNanos,
      long verified,
      @Nullable String mismatch,
      @Nullable String implausible) {}

  public Measurement(
      Sampler sampler, StoppingRule rule, Observer observer, Cancellation cancellation) {
    this(sampler, rule, observer, cancellation, Timer.Clock.SYSTEM);
  }

  /** As the other, by a clock. */
  public Measurement(
      Sampler sampler,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock) {
    this.sampler = sampler;
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

  /** How many answers were compared and right so far. */
  public long verified() {
    return verified;
  }

  /** What happened before measuring; null until that is over. */
  public @Nullable Warmup warmup() {
    return warmup;
  }

  /** Warms up and measures; to be called once. */
  public Result run() {
    Warmup before = warmUp();
    long begin = clock.nanos();
    Stop ended = ended();
    Stop stop = ended == null || ended == Stop.CLOCK ? measure(begin) : ended;
    return result(before, stop, clock.nanos() - begin);
  }

  /**
   * What it comes to when somebody else measures by {@link #slice}s, and by which rule it ends.
   *
   * @param elapsedNanos time since the first slice began
   */
  public Result result(Warmup before, Stop stop, long elapsedNanos) {
    checkpoint(elapsedNanos);
    return new Result(samples, before, stop, elapsedNanos, verified, mismatch, implausible);
  }

  /** Lets the observer look on between two {@link #slice}s. */
  public void checkpoint(long elapsedNanos) {
    observer.checkpoint(Phase.MEASURE, samples, elapsedNanos);
  }

  /** Warms up without measuring, as the first part of {@link #run} does. */
  public Warmup warmUp() {
    return warmUp(0);
  }

  /**
   * Warms up without measuring; what follows are {@link #slice}s.
   *
   * @param desired goes on until so many samples were taken, unless the longest time for warming up
   *     is over before; the rule's fewest are taken in any case
   */
  public Warmup warmUp(long desired) {
    long begin = clock.nanos();
    long nextLook = 2L * WINDOW_MIN;
    boolean steady = false;
    while (true) {
      take(recent.length, Math.min(BATCH_NANOS, Math.max(0, warmupNanos(begin))), null);
      long elapsed = clock.nanos() - begin;
      observer.checkpoint(Phase.WARMUP, samples, elapsed);
      boolean enough = next >= rule.minWarmupSamples() && elapsed >= rule.minWarmupNanos();
      if (enough && next >= nextLook) {
        nextLook = next + next / 8 + WINDOW_MIN;
        steady = steady();
      }
      boolean settled = steady && next >= desired;
      boolean done = enough && (settled || elapsed >= rule.maxWarmupNanos());
      if (done || ended() != null || cancellation.requested()) {
        var over = new Warmup(next, clock.nanos() - begin, steady);
        warmup = over;
        return over;
      }
    }
  }

  /** What is left of the time for warming up, in nanoseconds. */
  private long warmupNanos(long begin) {
    long elapsed = clock.nanos() - begin;
    long least = rule.minWarmupNanos() - elapsed;
    return least > 0 ? least : rule.maxWarmupNanos() - elapsed;
  }

  /**
   * Measures for a moment, at least one sample, and adds to {@link #samples}. The first sample,
   * before which nothing was sampled for a while, is discarded; but not where every sample so far
   * took longer than a slice, so that the pause does not matter and half of them would be lost.
   *
   * @param most keeps so many at most
   * @param nanos goes on for so long at most, the discarded sample included, in nanoseconds
   * @return why measuring has to end; null when it may go on
   */
  public @Nullable Stop slice(long most, long nanos) {
    discard = next > 0 && shortest >= nanos ? 0 : 1;
    take(Math.min(most, rule.maxSamples() - samples.count()), nanos, samples);
    Stop ended = ended();
    return ended == null && samples.count() >= rule.maxSamples() ? Stop.SAMPLES : ended;
  }

  private Stop measure(long begin) {
    long nextEvaluation = Math.max(FIRST_EVALUATION, rule.minSamples());
    long elapsed = 0;
    while (true) {
      int count = samples.count();
      long most = rule.maxSamples() - count;
      if (precision != null && nextEvaluation > count) {
        most = Math.min(most, nextEvaluation - count);
      }
      long nanos = elapsed < rule.minNanos() ? rule.minNanos() : rule.maxNanos();
      take(most, Math.min(BATCH_NANOS, nanos - elapsed), samples);
      elapsed = clock.nanos() - begin;
      observer.checkpoint(Phase.MEASURE, samples, elapsed);
      Stop ended = ended();
      if (ended != null) {
        return ended;
      }
      if (cancellation.requested()) {
        return Stop.INTERRUPTED;
      }
      count = samples.count();
      if (count >= rule.maxSamples()) {
        return Stop.SAMPLES;
      }
      if (elapsed >= rule.maxNanos()) {
        return Stop.TIME;
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

  /** A reason to end that lies in the samples themselves; null when there is none. */
  public @Nullable Stop ended() {
    if (mismatch != null) {
      return Stop.MISMATCH;
    }
    if (implausible != null) {
      return Stop.IMPLAUSIBLE;
    }
    return stalled > STALL_LIMIT ? Stop.CLOCK : null;
  }

  /** Takes a batch into {@code kept}, or only into the window of recent samples. */
  private void take(long most, long nanos, @Nullable Samples kept) {
    SampleBatch batch = sampler.take(next, most, nanos, kept == null ? 0 : discard);
    for (int i = 0; i < batch.count(); i++) {
      long duration = batch.durationNanos(i);
      stalled = duration > 0 ? 0 : stalled + 1;
      shortest = Math.min(shortest, duration);
      if (kept == null) {
        recent[(int) ((next + i) % recent.length)] = duration;
      } else if (batch.paired()) {
        kept.add(batch.startNanos(i), duration, batch.baselineNanos(i));
      } else {
        kept.add(batch.startNanos(i), duration);
      }
    }
    next += (kept == null ? 0 : discard) + batch.count();
    for (var left : batch.discards().entrySet()) {
      next += left.getValue();
      if (kept != null) {
        kept.discard(left.getKey(), left.getValue());
      }
    }
    verified += batch.verified();
    mismatch = batch.mismatch();
    implausible = batch.implausible();
    discard = batch.count() >= MANY ? 1 : 0;
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
