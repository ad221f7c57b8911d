// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Two measurements in turn: both warm up, then they sample in slices of a few milliseconds, in the
 * order A B B A A B B A …, or B A A B …; of four slices in a row each side has two, and what drifts
 * steadily meets both alike. It ends after four slices at which both have their samples or the time
 * is up; in between only when a side fails, its answers or times are wrong, or somebody asks for
 * it.
 *
 * <p>One duet serves two fresh measurements and one thread. It closes nothing.
 */
public final class Duet {
  /**
   * Before that, code that is compiled while it runs is not yet what it is going to be; as far as
   * the longest warm-up allows.
   */
  static final int WARMUP_SAMPLES = 2_500;

  private static final int ROUND = 4;

  /** With fewer, what drifts would not meet both sides alike, however many samples a slice has. */
  private static final int FEWEST_SLICES = 8 * ROUND;

  private static final long LOOK_NANOS = Measurement.BATCH_MILLIS * 1_000_000L;

  private final Track a;
  private final Track b;
  private final Rule rule;
  private final Side begins;
  private final Cancellation cancellation;
  private final Timer.Clock clock;
  private int slices;

  /**
   * When a slice ends, and when the duet.
   *
   * @param samples both sides want so many, 1 .. {@value #MOST_SAMPLES}
   * @param sliceNanos how long a slice goes on, at least a sample, in nanoseconds, at least 1
   * @param minNanos not shorter even when the samples are there, in nanoseconds, at least 0; but a
   *     side that has no room left ends it
   * @param maxNanos time for the slices of both, in nanoseconds, at least 1
   */
  public record Rule(long samples, long sliceNanos, long minNanos, long maxNanos) {
    /** The most samples that can be wanted. */
    public static final int MOST_SAMPLES = 1_000_000;

    private static final int USUAL_SLICE = 256;
    private static final long USUAL_ROOM = 2_000_000;

    public Rule {
      if (samples < 1
          || samples > MOST_SAMPLES
          || sliceNanos < 1
          || minNanos < 0
          || maxNanos < Math.max(1, minNanos)) {
        throw new IllegalArgumentException(
            "%d samples, slices of %d ns, %d .. %d ns"
                .formatted(samples, sliceNanos, minNanos, maxNanos));
      }
    }

    /**
     * For how many samples of a side there has to be room, 16 bytes each. The slower side may take
     * a single one a slice, and the faster one goes on until the slower has all.
     */
    public long room() {
      return mostOfSlice() * (samples + ROUND);
    }

    /** The most samples of a slice, so that the room suffices. */
    long mostOfSlice() {
      return Math.clamp(USUAL_ROOM / (samples + ROUND), 1, USUAL_SLICE);
    }
  }

  /**
   * What became of a side.
   *
   * @param result what it measured; null when it failed, or the duet ended before it had warmed up.
   *     When the duet ended for the other side's sake, it stopped as {@link Stop#INTERRUPTED}
   * @param failure how its engine or process failed; null when it did not
   */
  record Part(Measurement.@Nullable Result result, @Nullable BenchException failure) {}

  /**
   * What a duet yields.
   *
   * @param began the side that measured first
   * @param slices in all, one that failed included
   */
  record Result(Part a, Part b, Side began, int slices) {
    public Part of(Side side) {
      return side.of(a, b);
    }
  }

  /** A side while it plays. */
  private static final class Track {
    private final Measurement measurement;
    private Measurement.@Nullable Warmup warmup;
    private @Nullable Stop stop;
    private @Nullable BenchException failure;

    Track(Measurement measurement) {
      this.measurement = measurement;
    }

    boolean warmUp() {
      try {
        warmup = measurement.warmUp(WARMUP_SAMPLES);
        stop = measurement.ended();
      } catch (BenchException e) {
        failure = e;
      }
      return !over();
    }

    boolean slice(Rule rule) {
      try {
        stop = measurement.slice(rule.mostOfSlice(), rule.sliceNanos());
      } catch (BenchException e) {
        failure = e;
      }
      return !over();
    }

    void checkpoint(long elapsed) {
      try {
        measurement.checkpoint(elapsed);
      } catch (BenchException e) {
        failure = e;
      }
    }

    /** Whether it ended of itself. */
    boolean over() {
      return stop != null || failure != null;
    }

    int count() {
      return measurement.samples().count();
    }

    Part part(Stop end, long elapsed) {
      return failure != null || warmup == null
          ? new Part(null, failure)
          : new Part(measurement.result(warmup, stop == null ? end : stop, elapsed), null);
    }
  }

  /**
   * Ready to play.
   *
   * @param a with room for {@link Rule#room()} samples
   * @param b the same
   * @param begins the side that measures first
   * @param cancellation looked at between two slices
   */
  Duet(Measurement a, Measurement b, Rule rule, Side begins, Cancellation cancellation) {
    this(a, b, rule, begins, cancellation, Timer.Clock.SYSTEM);
  }

  Duet(
      Measurement a,
      Measurement b,
      Rule rule,
      Side begins,
      Cancellation cancellation,
      Timer.Clock clock) {
    this.a = new Track(a);
    this.b = new Track(b);
    this.rule = rule;
    this.begins = begins;
    this.cancellation = cancellation;
    this.clock = clock;
  }

  /** Warms up and measures; to be called once. */
  Result play() {
    Track first = begins.of(a, b);
    Track second = begins.other().of(a, b);
    long begin = clock.nanos();
    Stop end = Stop.INTERRUPTED;
    if (second.warmUp() && first.warmUp()) {
      begin = clock.nanos();
      end = alternate(first, second, begin);
    }
    long elapsed = clock.nanos() - begin;
    return new Result(a.part(end, elapsed), b.part(end, elapsed), begins, slices);
  }

  /** Why it ended, as far as a side did not end of itself. */
  private Stop alternate(Track first, Track second, long begin) {
    long nextLook = LOOK_NANOS;
    while (true) {
      for (Track track : new Track[] {first, second, second, first}) {
        if (cancellation.requested()) {
          return Stop.INTERRUPTED;
        }
        slices++;
        if (!track.slice(rule)) {
          return Stop.INTERRUPTED;
        }
      }
      long elapsed = clock.nanos() - begin;
      long roundOfSide = ROUND / 2 * rule.mostOfSlice();
      boolean full = Math.max(first.count(), second.count()) + roundOfSide >= rule.room();
      if (full
          || (slices >= FEWEST_SLICES
              && elapsed >= rule.minNanos()
              && Math.min(first.count(), second.count()) >= rule.samples())) {
        return Stop.SAMPLES;
      }
      if (elapsed >= rule.maxNanos()) {
        return Stop.TIME;
      }
      if (elapsed >= nextLook) {
        nextLook = elapsed + LOOK_NANOS;
        first.checkpoint(elapsed);
        second.checkpoint(elapsed);
        if (first.over() || second.over()) {
          return Stop.INTERRUPTED;
        }
      }
    }
  }
}
