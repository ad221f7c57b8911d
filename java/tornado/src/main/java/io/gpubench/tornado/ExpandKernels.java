// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * The text of all matches of a list, and where each begins. All expansions of a pattern are of the
 * same length, so that where its text begins is a sum over patterns, and the offset of a match a
 * product beside it.
 *
 * <pre>
 * plan     where the text of each pattern begins: a thread a pattern adds up those before it
 *          (loop), or one group sums up in local memory (kernel)
 * offsets  one of 64 bits a match
 * text     words of eight bytes, whatever matches they are of: an image goes on behind its end, so
 *          that any eight bytes of it are two words and two shifts, and holes, which are zeros
 *          there, are put in by an OR; what several patterns share, piece by piece
 *
 * loop     a worker has a share of the words, and looks for the pattern where one ends
 * kernel   a group takes tiles of words; two threads look for the patterns of the tile's ends, and
 *          the others between them
 * </pre>
 *
 * <p>Of M matches, L bytes of text and H holes in all: reads 4 M bytes, 4 H and the ways to them;
 * writes 8 M + 8 and L. The setting has where the forest of the input begins, where its starts do,
 * and where its list of matches does. The text may have 2^33 bytes, since arrays are counted by an
 * int.
 *
 * <p>What CUDA does beside that: it stores 16 bytes a lane, puts the digits of a hole aside in
 * shared memory once for the words that it reaches into (here each of them makes them anew), takes
 * the texts of all patterns in slices that fit the cache, and has scan and offsets in one pass with
 * look-back, which needs an order between groups that run at the same time.
 */
final class ExpandKernels {
  // words of a setting
  static final int FOREST = 0;
  static final int STARTS = 1;
  static final int LIST = 2;

  /** Words of text that a group takes at a time. */
  static final int TILE = 2048;

  /** Threads of the group that sums up over patterns: a power of two. */
  static final int PLANNERS = 256;

  private ExpandKernels() {}

  /** Where texts begin, with a loop. */
  static void loopPlan(
      IntArray setting, int patterns, LongArray starts, IntArray tables, LongArray begins) {
    for (@Parallel int pattern = 0; pattern < patterns + 1; pattern++) {
      int start = setting.get(STARTS);
      long sum = 0;
      for (int p = 0; p < pattern; p++) {
        sum += size(start, p, starts, tables);
      }
      begins.set(pattern, sum);
    }
  }

  /** Where texts begin, with the threads of one group. */
  static void kernelPlan(
      KernelContext context,
      IntArray setting,
      int patterns,
      LongArray starts,
      IntArray tables,
      LongArray begins) {
    long[] sums = context.allocateLongLocalArray(PLANNERS);
    int local = context.localIdx;
    int start = setting.get(STARTS);
    int share = (patterns + PLANNERS - 1) / PLANNERS;
    int from = local * share;
    int to = from + share < patterns ? from + share : patterns;
    long own = 0;
    for (int p = from; p < to; p++) {
      own += size(start, p, starts, tables);
    }
    sums[local] = own;
    for (int distance = 1; distance < PLANNERS; distance <<= 1) {
      context.localBarrier();
      long before = 0;
      if (local >= distance) {
        before = sums[local - distance];
      }
      context.localBarrier();
      sums[local] = sums[local] + before;
    }
    long sum = sums[local] - own;
    for (int p = from; p < to; p++) {
      begins.set(p, sum);
      sum += size(start, p, starts, tables);
    }
    if (local == PLANNERS - 1) {
      begins.set(patterns, sums[local]);
    }
  }

  /** Bytes of the text of a pattern. */
  private static long size(int start, int pattern, LongArray starts, IntArray tables) {
    long matches = starts.get(start + pattern + 1) - starts.get(start + pattern);
    return matches * length(tables, pattern);
  }

  private static int length(IntArray tables, int pattern) {
    return tables.get(TemplateTables.WORDS * pattern + TemplateTables.LENGTH);
  }

  /** Where each expansion begins, with a loop. */
  static void loopOffsets(
      IntArray setting,
      int workers,
      int patterns,
      int strided,
      LongArray starts,
      IntArray tables,
      LongArray begins,
      LongArray offsets) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      offsets(worker, workers, patterns, strided, setting, starts, tables, begins, offsets);
    }
  }

  /** Where each expansion begins, with threads. */
  static void kernelOffsets(
      KernelContext context,
      IntArray setting,
      int patterns,
      int strided,
      LongArray starts,
      IntArray tables,
      LongArray begins,
      LongArray offsets) {
    int worker = context.globalIdx;
    int workers = context.globalGroupSizeX;
    offsets(worker, workers, patterns, strided, setting, starts, tables, begins, offsets);
  }

  private static void offsets(
      int worker,
      int workers,
      int patterns,
      int strided,
      IntArray setting,
      LongArray starts,
      IntArray tables,
      LongArray begins,
      LongArray offsets) {
    int start = setting.get(STARTS);
    int matches = (int) starts.get(start + patterns);
    int step = strided != 0 ? workers : 1;
    int to = Shares.end(worker, workers, matches, strided);
    int pattern = 0;
    int first = 0;
    int end = 0;
    long begin = 0;
    int length = 0;
    for (int i = Shares.begin(worker, workers, matches, strided); i < to; i += step) {
      if (i >= end) {
        pattern = find(starts, start, pattern, patterns - 1, i);
        first = (int) starts.get(start + pattern);
        end = (int) starts.get(start + pattern + 1);
        begin = begins.get(pattern);
        length = length(tables, pattern);
      }
      offsets.set(i, begin + (long) (i - first) * length);
    }
    if (worker == 0) {
      offsets.set(matches, begins.get(patterns));
    }
  }

  /** The last one of those from low to high that begins at x or before. */
  static int find(LongArray starts, int base, int low, int high, long x) {
    int from = low;
    int to = high;
    while (from < to) {
      int middle = (from + to + 1) >> 1;
      if (starts.get(base + middle) <= x) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return from;
  }

  /** The text, with a loop. */
  static void loopText(
      IntArray setting,
      int workers,
      int patterns,
      int strided,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      LongArray images,
      LongArray begins,
      LongArray text) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int words = words(patterns, begins);
      int forest = setting.get(FOREST);
      int start = setting.get(STARTS);
      int list = setting.get(LIST);
      int step = strided != 0 ? workers : 1;
      int to = Shares.end(worker, workers, words, strided);
      int pattern = 0;
      long begin = 0;
      long end = 0;
      int length = 1;
      int match = 0;
      int phase = 0;
      for (int w = Shares.begin(worker, workers, words, strided); w < to; w += step) {
        long x = (long) w << 3;
        phase += step << 3;
        if (x >= end) {
          pattern = find(begins, 0, pattern, patterns - 1, x);
          begin = begins.get(pattern);
          end = begins.get(pattern + 1);
          length = length(tables, pattern);
          match = (int) ((x - begin) / length);
          phase = (int) (x - begin - (long) match * length);
        }
        if (phase >= length) {
          int more = phase / length;
          match += more;
          phase -= more * length;
        }
        long word =
            ExpandWords.word(
                w, pattern, patterns, end - x, match, phase, forest, start, list, symbols, children,
                starts, nodes, tables, images, begins, text);
        text.set(w, word);
      }
    }
  }

  /** The text, with threads. */
  static void kernelText(
      KernelContext context,
      IntArray setting,
      int groups,
      int patterns,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      LongArray images,
      LongArray begins,
      LongArray text) {
    int[] ends = context.allocateIntLocalArray(2);
    int local = context.localIdx;
    int step = context.localGroupSizeX;
    int words = words(patterns, begins);
    int forest = setting.get(FOREST);
    int start = setting.get(STARTS);
    int list = setting.get(LIST);
    for (int tile = context.groupIdx * TILE; tile < words; tile += groups * TILE) {
      int to = words - tile < TILE ? words : tile + TILE;
      if (local == 0) {
        ends[0] = find(begins, 0, 0, patterns - 1, (long) tile << 3);
      }
      if (local == step - 1) {
        ends[1] = find(begins, 0, 0, patterns - 1, (long) (to - 1) << 3);
      }
      context.localBarrier();
      int high = ends[1];
      int pattern = ends[0];
      long begin = 0;
      long end = 0;
      int length = 1;
      int match = 0;
      int phase = 0;
      for (int w = tile + local; w < to; w += step) {
        long x = (long) w << 3;
        phase += step << 3;
        if (x >= end) {
          pattern = find(begins, 0, pattern, high, x);
          begin = begins.get(pattern);
          end = begins.get(pattern + 1);
          length = length(tables, pattern);
          match = (int) ((x - begin) / length);
          phase = (int) (x - begin - (long) match * length);
        }
        if (phase >= length) {
          int more = phase / length;
          match += more;
          phase -= more * length;
        }
        long word =
            ExpandWords.word(
                w, pattern, patterns, end - x, match, phase, forest, start, list, symbols, children,
                starts, nodes, tables, images, begins, text);
        text.set(w, word);
      }
      context.localBarrier();
    }
  }

  private static int words(int patterns, LongArray begins) {
    return (int) ((begins.get(patterns) + ExpandWords.BYTES - 1) >> 3);
  }
}
