// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.AnswerDigest;
import java.util.random.RandomGenerator;

/**
 * Watches over a measurer while it samples, so that it cannot know what comes next and does not
 * vouch for itself:
 *
 * <ul>
 *   <li>from batch to batch the number of the next sample jumps by a random amount, so that nothing
 *       can be computed ahead between two requests;
 *   <li>now and then a sample, drawn at random, is asked for again, and its answer is compared with
 *       the oracle's in this process;
 *   <li>the clock is compared with another one.
 * </ul>
 *
 * <p>All of it happens between two batches, where nothing is timed. Owns nothing. Used by one
 * thread.
 */
public final class Watch implements Sampler {
  /** Asking again takes at most one part in so many of the time. */
  private static final long SHARE = 50;

  /**
   * The longest jump, where each sample has an input of its own: any other makes it as hard to
   * guess.
   */
  private static final long LONGEST_JUMP = 1 << 20;

  private final Measurer measurer;
  private final Inputs inputs;
  private final RandomGenerator random;
  private final ClockWatch clockWatch;
  private final Timer.Clock clock;
  private final long begin;
  private long jumped;
  private long sinceJump;
  private long askingNanos;
  private long asked;

  /**
   * The inputs of a run and the right answers to them.
   *
   * @param rotating sample s has the input of sample s mod so many; {@link Long#MAX_VALUE} where
   *     each has its own
   */
  public record Inputs(long rotating, Oracle oracle) {}

  /** Knows the right answers, slowly. */
  @FunctionalInterface
  public interface Oracle {
    /** The digest of the right answer to a sample, 0 .. rotating - 1. */
    long answerDigest(long sample);
  }

  /**
   * Begins.
   *
   * @param random must be one that the measurer cannot foresee
   */
  public Watch(Measurer measurer, Inputs inputs, RandomGenerator random) {
    this(measurer, inputs, random, new ClockWatch(), Timer.Clock.SYSTEM);
  }

  Watch(
      Measurer measurer,
      Inputs inputs,
      RandomGenerator random,
      ClockWatch clockWatch,
      Timer.Clock clock) {
    this.measurer = measurer;
    this.inputs = inputs;
    this.random = random;
    this.clockWatch = clockWatch;
    this.clock = clock;
    begin = clock.nanos();
  }

  /** How many answers were asked for again, and right. */
  public long asked() {
    return asked;
  }

  @Override
  public void next(Phase phase) {
    measurer.next(phase);
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    SampleBatch batch = measurer.take(first + jumped, samples, nanos, discard);
    if (batch.mismatch() == null && batch.implausible() == null) {
      String doubt = clockWatch.doubt();
      if (doubt != null) {
        batch.doubt(doubt);
      } else {
        askAgain(batch);
      }
    }
    sinceJump += discard + batch.count();
    if (inputs.rotating == Long.MAX_VALUE || sinceJump >= inputs.rotating) {
      jumped += random.nextLong(longestJump());
      sinceJump = 0;
    }
    return batch;
  }

  /**
   * Not further than what was used longest ago, and not before all was used since the jump before:
   * a jump back to what still lies in the caches would make samples faster than they are.
   */
  private long longestJump() {
    return Math.clamp(inputs.rotating / 4, 1, LONGEST_JUMP);
  }

  private void askAgain(SampleBatch batch) {
    long now = clock.nanos();
    if (asked > 0 && askingNanos > (now - begin) / SHARE) {
      return;
    }
    long sample = random.nextLong(Math.min(inputs.rotating, LONGEST_JUMP));
    long found = measurer.digests(sample)[0];
    long right = inputs.oracle.answerDigest(sample);
    askingNanos += clock.nanos() - now;
    if (found == right) {
      asked++;
    } else {
      batch.wrong(
          "sample %d, asked for again in between: the answer's digest is %s, expected %s"
              .formatted(sample, AnswerDigest.text(found), AnswerDigest.text(right)));
    }
  }
}
