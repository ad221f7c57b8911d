// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An engine for one small piece of work, the mix of all words of an input, that works or cheats;
 * and the oracle to it. Owns its output word. The thread that it may start ends by itself.
 */
final class Toy {
  static final int WORDS = 1 << 12;
  static final long POISON = 0xDEAD_BEEF_DEAD_BEEFL;

  private static final long LATER_NANOS = 20_000_000;

  /** What it does. */
  enum Cheat {
    HONEST,
    LEAVES_THE_OUTPUT,
    REMEMBERS,
    RETURNS_EARLY,
    WORKS_IN_WARM_UP_ONLY,
    EVERY_TENTH_ONLY
  }

  private final Cheat cheat;
  private int calls;
  private long @Nullable [] known;
  volatile long output;

  Toy(Cheat cheat) {
    this.cheat = cheat;
  }

  /** The input of a sample. */
  static long[] input(long sample) {
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = mix(sample * WORDS + i);
    }
    return words;
  }

  /** The right answer. */
  static long answer(long[] input) {
    long sum = 0;
    for (long word : input) {
      sum = mix(sum ^ word);
    }
    return sum;
  }

  /** The finaliser of splitmix64. */
  static long mix(long word) {
    long z = word + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Puts the answer to an input into {@link #output}, or not. */
  void work(long[] input) {
    calls++;
    boolean works =
        switch (cheat) {
          case HONEST -> true;
          case LEAVES_THE_OUTPUT -> calls == 1;
          case REMEMBERS -> known != input;
          case RETURNS_EARLY -> false;
          case WORKS_IN_WARM_UP_ONLY -> calls <= 20;
          case EVERY_TENTH_ONLY -> calls % 10 == 1;
        };
    if (works) {
      known = input;
      output = answer(input);
      remembered = output;
    } else if (cheat == Cheat.REMEMBERS) {
      output = remembered;
    } else if (cheat == Cheat.RETURNS_EARLY) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            LockSupport.parkNanos(LATER_NANOS);
            output = answer(input);
          });
    }
  }

  private long remembered;
}
