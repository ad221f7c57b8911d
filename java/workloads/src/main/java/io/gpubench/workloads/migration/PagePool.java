// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.workloads.random.Philox;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The page frames of a tier, numbered from 0, of which some are free: a stack. A migration takes
 * frames for its pages in the pool of their target, and gives those of the source back. Allocates
 * nothing once created; for one thread.
 */
public final class PagePool {
  /** The first stream of {@link SampleKeys} that is for pools; those before are for pages. */
  private static final int FIRST_STREAM = 2;

  private final int[] free;
  private final boolean scattered;
  private final SampleKeys keys;
  private final int stream;
  private int top;

  /**
   * A pool with all frames free, those of sample 0.
   *
   * @param tier 0 for the pool of {@link MigrationParameters#from}, 1 for the other
   */
  public PagePool(MigrationParameters setting, int tier) {
    free = new int[setting.frames()];
    scattered = setting.scattered();
    keys = new SampleKeys(setting.seed());
    stream = FIRST_STREAM + tier;
    deal(0);
  }

  /**
   * Makes all frames free, in the order of a sample: at random, each order as likely as any other,
   * or ascending. Not timed.
   */
  public void deal(long sample) {
    for (int frame = 0; frame < free.length; frame++) {
      free[frame] = frame;
    }
    top = free.length;
    if (!scattered) {
      return;
    }
    long key = keys.of(sample, stream);
    for (int i = free.length - 1; i > 0; i--) { // Fisher and Yates
      int j = (int) Philox.below(i + 1L, Words.word(key, i));
      int frame = free[i];
      free[i] = free[j];
      free[j] = frame;
    }
  }

  /** How many frames are free. */
  public int free() {
    return top;
  }

  /**
   * Takes frames.
   *
   * @param count at most {@link #free}
   * @param into their numbers, 32 bits each, of native order; ascending and one behind the other
   *     where the pool is not scattered
   */
  public void take(int count, MemorySegment into) {
    if (count > top) {
      throw new IllegalStateException("%d frames are asked for, %d free".formatted(count, top));
    }
    top -= count;
    MemorySegment.copy(free, top, into, ValueLayout.JAVA_INT, 0, count);
  }

  /** Gives frames back that were taken. */
  public void give(int count, MemorySegment frames) {
    if (count > free.length - top) {
      throw new IllegalStateException(
          "%d frames are given back, %d in use".formatted(count, free.length - top));
    }
    MemorySegment.copy(frames, ValueLayout.JAVA_INT, 0, free, top, count);
    top += count;
  }
}
