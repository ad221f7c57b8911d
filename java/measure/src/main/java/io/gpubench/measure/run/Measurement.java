// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;
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

  /** In a batch with fewer samples, each is so long that a pause before it does not matter. */
  private static final int MANY = 10;

  private final Sampler sampler;
  private final StoppingRule rule;
  private final Observer observer;
  private final Cancellation cancellation;
  private final Timer.Clock clock;
  private final Phases phases;
  private final Samples samples;
  private final Stopper stopper;
  private final Steadiness steadiness = new Steadiness();
  private final Instruments instruments;
  private final ThrottleGuard guard;
  private long next;
  private long verified;
  private long stalled;
  private long standing;
  private long shortest = Long.MAX_VALUE;
  private long began;
  private int marked;
  private int discard;
  private @Nullable String mismatch;
  private @Nullable String implausible;
  private @Nullable Warmup warmup;

  /** Why measuring ended. */
  public enum Stop {
    /** The interval around the median was narrow enough. */
    PRECISE,
    /** The entropy of the samples had become flat. */
    ENTROPY,
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
   * @param throttling what the device said of being throttled; null where it does not tell
   */
  public record Result(
      Samples samples,
      Warmup warmup,
      Stop stop,
      long elapsedNanos,
      long verified,
      @Nullable String mismatch,
      @Nullable String implausible,
      @Nullable Throttling throttling) {}

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
    this(sampler, rule, observer, cancellation, clock, Instruments.NONE);
  }

  /**
   * As the others, of a device with sensors.
   *
   * @param instruments asked on this thread, between two batches
   */
  public Measurement(
      Sampler sampler,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock,
      Instruments instruments) {
    this(sampler, rule, observer, cancellation, clock, instruments, new Phases(Subject.of("")));
  }

  /**
   * As the others, with its phases marked.
   *
   * @param phases of what is measured
   */
  public Measurement(
      Sampler sampler,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock,
      Instruments instruments,
      Phases phases) {
    this(
        sampler,
        rule,
        observer,
        cancellation,
        clock,
        instruments,
        phases,
        ThrottleGuard.Pause.SLEEP);
  }

  Measurement(
      Sampler sampler,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock,
      Instruments instruments,
      ThrottleGuard.Pause pause) {
    this(
        sampler,
        rule,
        observer,
        cancellation,
        clock,
        instruments,
        new Phases(Subject.of("")),
        pause);
  }

  Measurement(
      Sampler sampler,
      StoppingRule rule,
      Observer observer,
      Cancellation cancellation,
      Timer.Clock clock,
      Instruments instruments,
      Phases phases,
      ThrottleGuard.Pause pause) {
    this.sampler = sampler;
    this.rule = rule;
    this.observer = observer;
    this.cancellation = cancellation;
    this.clock = clock;
    this.phases = phases;
    this.samples = new Samples(Math.toIntExact(rule.maxSamples()));
    this.stopper = new Stopper(rule);
    this.instruments = instruments;
    this.guard =
        new ThrottleGuard(
            instruments::read,
            rule.maxNanos(),
            clock,
            nanos -> {
              pause.nanos(nanos);
              look(clock.nanos() - began);
            },
            cancellation);
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

  /** What the device said so far of being throttled; null where it does not tell. */
  public @Nullable Throttling throttling() {
    return guard.result();
  }

  /** Warms up and measures; to be called once. */
  public Result run() {
    Warmup before = warmUp();
    began = clock.nanos();
    Stop ended = ended();
    Stop stop = ended == null || ended == Stop.CLOCK ? measure() : ended;
    long elapsed = clock.nanos() - began;
    look(elapsed);
    return made(before, stop, elapsed);
  }

  /**
   * What it comes to when somebody else measures by {@link #slice}s, and by which rule it ends.
   *
   * @param elapsedNanos time since the first slice began
   */
  public Result result(Warmup before, Stop stop, long elapsedNanos) {
    look(elapsedNanos);
    return made(before, stop, elapsedNanos);
  }

  private Result made(Warmup before, Stop stop, long elapsedNanos) {
    return new Result(
        samples, before, stop, elapsedNanos, verified, mismatch, implausible, guard.result());
  }

  /**
   * Lets the observer look on between two {@link #slice}s, and asks whether the device is
   * throttled. That only marks samples: who measures by slices is compared with another, which the
   * same befalls in the same moments, and what was left out on one side would be missing there.
   */
  public void checkpoint(long elapsedNanos) {
    instruments.between();
    guard.mark(samples.count() - marked);
    marked = samples.count();
    look(elapsedNanos);
  }

  private void look(long elapsedNanos) {
    observer.checkpoint(Observer.Phase.MEASURE, samples, elapsedNanos);
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
    sampler.next(Phase.WARM_UP);
    try (Mark _ = phases.begin(Phase.WARM_UP)) {
      return warmUpMarked(desired);
    }
  }

  private Warmup warmUpMarked(long desired) {
    long begin = clock.nanos();
    while (true) {
      warm(Math.min(BATCH_NANOS, Math.max(0, warmupNanos(begin))));
      long elapsed = clock.nanos() - begin;
      observer.checkpoint(Observer.Phase.WARMUP, samples, elapsed);
      boolean enough = next >= rule.minWarmupSamples() && elapsed >= rule.minWarmupNanos();
      boolean steady = enough && steadiness.steady();
      boolean settled = steady && next >= desired;
      boolean done = enough && (settled || elapsed >= rule.maxWarmupNanos());
      if (done || ended() != null || cancellation.requested()) {
        var over = new Warmup(next, clock.nanos() - begin, steady);
        warmup = over;
        instruments.measuring();
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
    sampler.next(Phase.MEASURE);
    try (Mark mark = phases.begin(Phase.BATCH)) {
      keep(take(Math.min(most, rule.maxSamples() - samples.count()), nanos, discard, mark));
    }
    Stop ended = ended();
    return ended == null && samples.count() >= rule.maxSamples() ? Stop.SAMPLES : ended;
  }

  private Stop measure() {
    sampler.next(Phase.MEASURE);
    try (Mark _ = phases.begin(Phase.MEASURE)) {
      return measureMarked();
    }
  }

  private Stop measureMarked() {
    guard.begin();
    long elapsed = clock.nanos() - began;
    while (true) {
      long most = rule.maxSamples() - samples.count();
      if (!guard.tells()) {
        // where the device is asked after each batch, none is cut short for a look at the samples
        most = Math.min(most, stopper.until(samples.count()));
      }
      long nanos = elapsed < rule.minNanos() ? rule.minNanos() : rule.maxNanos();
      batch(most, Math.clamp(nanos - elapsed, 0, BATCH_NANOS), elapsed);
      elapsed = clock.nanos() - began;
      look(elapsed);
      Stop ended = ended();
      if (ended != null) {
        return ended;
      }
      if (cancellation.requested()) {
        return Stop.INTERRUPTED;
      }
      if (samples.count() >= rule.maxSamples()) {
        return Stop.SAMPLES;
      }
      if (elapsed >= rule.maxNanos()) {
        return Stop.TIME;
      }
      Stop enough = stopper.look(samples, elapsed);
      if (enough != null) {
        return enough;
      }
    }
  }

  /** Takes a batch, and keeps it unless the device was slowed down. */
  private void batch(long most, long nanos, long elapsed) {
    try (Mark mark = phases.begin(Phase.BATCH)) {
      batch(most, nanos, elapsed, mark);
    }
  }

  private void batch(long most, long nanos, long elapsed, Mark mark) {
    SampleBatch batch = take(most, nanos, discard, mark);
    long took = clock.nanos() - began - elapsed;
    String why = null;
    try {
      if (ended() == null) {
        instruments.between();
        why = guard.after(took, rule.maxNanos() - elapsed - took, batch.count());
      }
    } catch (BenchException e) {
      keep(batch); // a device that is lost leaves what it did before
      throw e;
    }
    if (why == null) {
      keep(batch);
    } else {
      mark.discarded(why);
      samples.discard(why, batch.count());
      batch.discards().forEach(samples::discard);
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
    return Math.max(stalled, standing) > STALL_LIMIT ? Stop.CLOCK : null;
  }

  /** Takes a batch of which nothing is kept but whether times are steady. */
  private void warm(long nanos) {
    try (Mark mark = phases.begin(Phase.BATCH)) {
      SampleBatch batch = take(2L * Steadiness.WINDOW_MAX, nanos, 0, mark);
      for (int i = 0; i < batch.count(); i++) {
        steadiness.add(batch.durationNanos(i));
      }
    }
  }

  private SampleBatch take(long most, long nanos, int leaveOut, Mark mark) {
    long before = clock.nanos();
    SampleBatch batch = sampler.take(next, most, nanos, leaveOut);
    mark.took(next, leaveOut, batch);
    for (int i = 0; i < batch.count(); i++) {
      long duration = batch.durationNanos(i);
      stalled = duration > 0 ? 0 : stalled + 1;
      shortest = Math.min(shortest, duration);
    }
    long leftByEngine = 0;
    for (long left : batch.discards().values()) {
      leftByEngine += left;
    }
    // times may come from another clock than the one by which this ends
    standing = clock.nanos() > before ? 0 : standing + batch.count() + leftByEngine;
    next += leaveOut + batch.count() + leftByEngine;
    verified += batch.verified();
    mismatch = batch.mismatch();
    implausible = batch.implausible();
    discard = batch.count() >= MANY ? 1 : 0;
    return batch;
  }

  private void keep(SampleBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      if (batch.paired()) {
        samples.add(batch.startNanos(i), batch.durationNanos(i), batch.baselineNanos(i));
      } else {
        samples.add(batch.startNanos(i), batch.durationNanos(i));
      }
    }
    batch.discards().forEach(samples::discard);
  }
}
