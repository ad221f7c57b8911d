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
      matches(
          worker, workers, patterns, strided, setting, symbols, children, starts, nodes, tables,
          images, begins, offsets, text);
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
    matches(
        worker, workers, patterns, strided, setting, symbols, children, starts, nodes, tables,
        images, begins, offsets, text);
  }

  private static void matches(
      int worker,
      int workers,
      int patterns,
      int strided,
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
    int matches = (int) starts.get(start + patterns);
    int step = strided != 0 ? workers : 1;
    int to = Shares.end(worker, workers, matches, strided);
    int pattern = 0;
    int first = 0;
    int end = 0;
    int begin = 0;
    int image = 0;
    int length = 0;
    int holes = 0;
    int lastHole = 0;
    for (int i = Shares.begin(worker, workers, matches, strided); i < to; i += step) {
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
      int at = begin + (i - first) * length;
      offsets.set(i, at);
      for (int b = 0; b < length; b++) {
        text.set(at + b, images.get(image + b));
      }
      for (int hole = holes; hole < lastHole; hole += 2) {
        int place = at + tables.get(hole);
        int path = tables.get(hole + 1);
        long digits = ExpandKernels.digits(forest, nodes.get(list + i), path, symbols, children);
        for (int b = 0; b < 8; b++) {
          text.set(place + b, (byte) (digits >> (b << 3)));
        }
      }
    }
    if (worker == 0) {
      offsets.set(matches, begins.get(patterns));
    }
  }
}
