// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The median of a series drawn again in circular blocks of neighbours. Of a block it need only be
 * known how many samples are below the ranks where medians fall, which sums over time tell, and
 * which are among these ranks; so a draw costs a fraction of copying it. For one thread at a time.
 */
final class ResampledMedian {
  /** How many standard deviations of the median's rank to both sides the ranks reach. */
  private static final int REACH = 6;

  private final long[] sorted;
  private final int blockLength;
  private final int[] ranks;
  private final int from;
  private final int to;

  /** How many samples before the index are below {@link #from}; the series twice in a row. */
  private final int[] below;

  /** How many samples before the index are in {@link #inside}; the series twice in a row. */
  private final int[] insideBefore;

  /** The ranks in {@link #from} .. {@link #to}, in order of time, less {@code from}. */
  private final int[] inside;

  private final int[] counts;

  /**
   * Prepares draws.
   *
   * @param series in order of time, at least one sample
   * @param sorted the same in ascending order
   * @param blockLength from 1 to the number of samples
   * @param autocorrelationTime of the series around its median, at least 1
   */
  ResampledMedian(long[] series, long[] sorted, int blockLength, double autocorrelationTime) {
    this(
        ranks(series, sorted),
        sorted,
        blockLength,
        (int) Math.ceil(REACH * 0.5 * Math.sqrt(series.length * autocorrelationTime)));
  }

  private ResampledMedian(int[] ranks, long[] sorted, int blockLength, int reach) {
    this.sorted = sorted;
    this.blockLength = blockLength;
    this.ranks = ranks;
    int count = sorted.length;
    from = Math.max(0, count / 2 - reach);
    to = (int) Math.min(count, count / 2 + (long) reach);
    below = new int[2 * count + 1];
    insideBefore = new int[2 * count + 1];
    int[] found = new int[2 * count];
    for (int i = 0; i < 2 * count; i++) {
      int rank = ranks[i < count ? i : i - count];
      below[i + 1] = below[i] + (rank < from ? 1 : 0);
      found[insideBefore[i]] = rank - from;
      insideBefore[i + 1] = insideBefore[i] + (rank >= from && rank < to ? 1 : 0);
    }
    inside = Arrays.copyOf(found, insideBefore[2 * count]);
    counts = new int[to - from];
  }

  /** The place of each sample among the sorted ones, of equal ones the first. */
  private static int[] ranks(long[] series, long[] sorted) {
    int[] ranks = new int[series.length];
    for (int i = 0; i < ranks.length; i++) {
      int low = 0;
      int high = sorted.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sorted[middle] < series[i]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      ranks[i] = low;
    }
    return ranks;
  }

  /** The medians of so many draws. */
  double[] draw(int draws, SplittableRandom random) {
    int count = sorted.length;
    int[] starts = new int[Math.ceilDiv(count, blockLength)];
    double[] medians = new double[draws];
    ResampledMedian whole = null;
    for (int draw = 0; draw < draws; draw++) {
      for (int block = 0; block < starts.length; block++) {
        starts[block] = random.nextInt(count);
      }
      medians[draw] = median(starts);
      if (medians[draw] < 0) {
        whole = whole == null ? new ResampledMedian(ranks, sorted, blockLength, count) : whole;
        medians[draw] = whole.median(starts);
      }
    }
    return medians;
  }

  /** The median of the blocks that start there, the last one cut; -1 where it is out of reach. */
  private double median(int[] starts) {
    int count = sorted.length;
    Arrays.fill(counts, 0);
    int smaller = 0;
    int left = count;
    for (int start : starts) {
      int end = start + Math.min(blockLength, left);
      left -= end - start;
      smaller += below[end] - below[start];
      for (int i = insideBefore[start]; i < insideBefore[end]; i++) {
        counts[inside[i]]++;
      }
    }
    int lower = (count - 1) / 2;
    if (smaller > lower) {
      return -1;
    }
    int index = -1;
    while (smaller <= lower && ++index < counts.length) {
      smaller += counts[index];
    }
    if (smaller <= lower) {
      return -1;
    }
    long first = sorted[from + index];
    while (smaller <= count / 2 && ++index < counts.length) {
      smaller += counts[index];
    }
    return smaller <= count / 2 ? -1 : 0.5 * (first + sorted[from + index]);
  }
}
