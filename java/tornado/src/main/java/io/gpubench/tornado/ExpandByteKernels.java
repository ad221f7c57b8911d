// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * What {@link ExpandKernels} make, by a thread a match: it stores the offset, copies the image byte
 * by byte and puts digits into its holes. For processors, where a thread has its matches side by
 * side and stores go to its own cache lines; on a GPU neighbours would store to lines of their own.
 * Begins are from {@link ExpandKernels}. The text has at most 2^31 - 1 bytes, since arrays are
 * counted by an int.
 */
final class ExpandByteKernels {
  /** Matches of a pattern whose children are looked up in a loop of its own, all at once. */
  private static final int BLOCK = 64;

  private ExpandByteKernels() {}

  /** Offsets and text, with a loop. */
  static void loopMatches(
      IntArray setting,
      int workers,
      int patterns,
      int strided,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      ByteArray images,
      LongArray begins,
      LongArray offsets,
      ByteArray text) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int matches = (int) starts.get(setting.get(ExpandKernels.STARTS) + patterns);
      int from = Shares.begin(worker, workers, matches, strided);
      int to = Shares.end(worker, workers, matches, strided);
      int step = strided != 0 ? workers : 1;
      if (worker == 0) {
        offsets.set(matches, begins.get(patterns));
      }
      expand(
          from, to, step, patterns, setting, symbols, children, starts, nodes, tables, images,
          begins, offsets, text);
    }
  }

  /** Offsets and text, with threads. */
  static void kernelMatches(
      KernelContext context,
      IntArray setting,
      int patterns,
      int strided,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      ByteArray images,
      LongArray begins,
      LongArray offsets,
      ByteArray text) {
    int worker = context.globalIdx;
    int workers = context.globalGroupSizeX;
    int matches = (int) starts.get(setting.get(ExpandKernels.STARTS) + patterns);
    int from = Shares.begin(worker, workers, matches, strided);
    int to = Shares.end(worker, workers, matches, strided);
    int step = strided != 0 ? workers : 1;
    if (worker == 0) {
      offsets.set(matches, begins.get(patterns));
    }
    expand(
        from, to, step, patterns, setting, symbols, children, starts, nodes, tables, images, begins,
        offsets, text);
  }

  /** Expands each step-th match. */
  private static void expand(
      int from,
      int to,
      int step,
      int patterns,
      IntArray setting,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      ByteArray images,
      LongArray begins,
      LongArray offsets,
      ByteArray text) {
    int forest = setting.get(ExpandKernels.FOREST);
    int start = setting.get(ExpandKernels.STARTS);
    int list = setting.get(ExpandKernels.LIST);
    int[] firsts = new int[BLOCK];
    int pattern = 0;
    int first = 0;
    int end = 0;
    int begin = 0;
    int image = 0;
    int length = 0;
    int holes = 0;
    int lastHole = 0;
    int i = from;
    while (i < to) {
      if (i >= end) {
        pattern = ExpandKernels.find(starts, start, pattern, patterns - 1, i);
        first = (int) starts.get(start + pattern);
        end = (int) starts.get(start + pattern + 1);
        begin = (int) begins.get(pattern);
        int entry = TemplateTables.WORDS * pattern;
        image = tables.get(entry + TemplateTables.IMAGE) << 3;
        length = tables.get(entry + TemplateTables.LENGTH);
        holes = tables.get(entry + TemplateTables.HOLES);
        lastHole = tables.get(entry + TemplateTables.WORDS + TemplateTables.HOLES);
      }
      int last = end < to ? end : to;
      int left = (last - i + step - 1) / step;
      int count = left < BLOCK ? left : BLOCK;
      int block = begin + (i - first) * length;
      int stride = step * length;
      for (int j = 0; j < count; j++) {
        int at = block + j * stride;
        offsets.set(i + j * step, at);
        for (int b = 0; b < length; b++) {
          text.set(at + b, images.get(image + b));
        }
      }
      if (holes < lastHole) {
        for (int j = 0; j < count; j++) {
          firsts[j] = children.get(forest + nodes.get(list + i + j * step));
        }
      }
      for (int hole = holes; hole < lastHole; hole += 2) {
        int place = block + tables.get(hole);
        int path = tables.get(hole + 1);
        int level = path & 3;
        for (int j = 0; j < count; j++) {
          int node = firsts[j] + ((path >> 4) & 15);
          if (level == 0) {
            node = nodes.get(list + i + j * step);
          }
          if (level == 2) {
            node = children.get(forest + node) + ((path >> 8) & 15);
          }
          long digits = ExpandWords.hexadecimal(symbols.get(forest + node));
          int at = place + j * stride;
          for (int b = 0; b < 8; b++) {
            text.set(at + b, (byte) (digits >> (b << 3)));
          }
        }
      }
      i += count * step;
    }
  }
}
