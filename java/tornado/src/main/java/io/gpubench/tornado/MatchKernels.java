// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Kernels. */
final class MatchKernels {
  // words of a setting
  static final int BASE = 0;
  static final int NODES = 1;
  static final int STEP = 2;
  static final int SHARE = 3;

  private MatchKernels() {}

  static void loopIndex(
      IntArray setting,
      int workers,
      int patterns,
      int rowStep,
      int slotStep,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int base = setting.get(BASE);
      int step = setting.get(STEP);
      int from = worker * setting.get(SHARE);
      int to = from + last(setting, worker, from, step);
      for (int i = from; i < to; i += step) {
        int at = base + i;
        int kind = kinds.get(at);
        int symbol = symbols.get(at);
        if (((tables.get(tables.get(MatchTables.FILTER) + symbol) >> kind) & 1) != 0) {
          int header = kind | arities.get(at) << 4 | symbol << 8;
          int range = tables.get(MatchTables.RANGES) + 2 * (kind << 12 | symbol);
          int end = tables.get(range + 1);
          for (int k = tables.get(range); k < end; k++) {
            int pattern = tables.get(k);
            if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables) != 0) {
              int slot = worker * rowStep + 2 * pattern * slotStep;
              rows.set(slot, rows.get(slot) + 1);
              rows.set(slot + slotStep, rows.get(slot + slotStep) + mix64(i));
            }
          }
        }
      }
    }
  }

  static void loopBrute(
      IntArray setting,
      int workers,
      int padded,
      int rowStep,
      int slotStep,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int base = setting.get(BASE);
      int step = setting.get(STEP);
      int from = worker * setting.get(SHARE);
      int to = from + last(setting, worker, from, step);
      int masks = tables.get(MatchTables.MASKS);
      int wants = tables.get(MatchTables.WANTS);
      for (int i = from; i < to; i += step) {
        int at = base + i;
        int header = kinds.get(at) | arities.get(at) << 4 | symbols.get(at) << 8;
        for (int first = 0; first < padded; first += 32) {
          int word = 0;
          for (int p = 0; p < 32; p++) {
            int differing = (header & tables.get(masks + first + p)) ^ (tables.get(wants + first + p) & 0xFFFFF);
            word |= (((differing - 1) >> 31) & 1) << p;
          }
          while (word != 0) {
            int lowest = word & -word;
            word ^= lowest;
            int pattern = first + Integer.bitCount(lowest - 1);
            if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables) != 0) {
              int slot = worker * rowStep + 2 * pattern * slotStep;
              rows.set(slot, rows.get(slot) + 1);
              rows.set(slot + slotStep, rows.get(slot + slotStep) + mix64(i));
            }
          }
        }
      }
    }
  }

  static void kernelBrute(
      KernelContext context,
      IntArray setting,
      int patterns,
      int padded,
      int rowsMask,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    int[] roots = context.allocateIntLocalArray(2 * padded);
    int local = context.localIdx;
    int threads = context.localGroupSizeX;
    int worker = context.globalIdx;
    int masks = tables.get(MatchTables.MASKS);
    for (int i = local; i < 2 * padded; i += threads) {
      roots[i] = tables.get(masks + i) & 0xFFFFF;
    }
    context.localBarrier();
    int base = setting.get(BASE);
    int step = setting.get(STEP);
    int from = worker * setting.get(SHARE);
    int to = from + last(setting, worker, from, step);
    int row = (context.groupIdx & rowsMask) * 2 * patterns;
    for (int i = from; i < to; i += step) {
      int at = base + i;
      int header = kinds.get(at) | arities.get(at) << 4 | symbols.get(at) << 8;
      for (int first = 0; first < padded; first += 32) {
        int word = 0;
        for (int p = 0; p < 32; p++) {
          int differing = (header & roots[first + p]) ^ roots[padded + first + p];
          word |= (((differing - 1) >> 31) & 1) << p;
        }
        while (word != 0) {
          int lowest = word & -word;
          word ^= lowest;
          int pattern = first + Integer.bitCount(lowest - 1);
          if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables) != 0) {
            context.atomicAdd(rows, row + 2 * pattern, 1L);
            context.atomicAdd(rows, row + 2 * pattern + 1, mix64(i));
          }
        }
      }
    }
  }

  private static int last(IntArray setting, int worker, int from, int step) {
    int nodes = setting.get(NODES);
    int most = step == 1 ? setting.get(SHARE) : nodes;
    return most < nodes - from ? most : nodes - from;
  }

  private static int matches(
      int header,
      int at,
      int base,
      int pattern,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables) {
    int mask = tables.get(tables.get(MatchTables.MASKS) + pattern);
    int agrees = agrees(header, mask, tables.get(tables.get(MatchTables.WANTS) + pattern));
    if (agrees != 0) {
      int starts = tables.get(MatchTables.STARTS) + pattern;
      int end = tables.get(starts + 1);
      int test = tables.get(starts);
      while (test < end && agrees != 0) {
        int place = base + children.get(at) + tables.get(test + 2);
        int grandchild = tables.get(test + 3);
        if (grandchild >= 0) {
          place = base + children.get(place) + grandchild;
        }
        int found = kinds.get(place) | arities.get(place) << 4 | symbols.get(place) << 8;
        agrees = agrees(found, tables.get(test), tables.get(test + 1));
        test += 4;
      }
    }
    return agrees;
  }

  private static int agrees(int header, int mask, int want) {
    int agrees = 0;
    if (((header ^ want) & mask) == 0 && ((header >> 4) & 15) >= ((want >> 27) & 15)) {
      agrees = 1;
    }
    return agrees;
  }

  private static long mix64(long word) {
    long z = word;
    z = (z ^ ((z >> 30) & 0x3FFFFFFFFL)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ ((z >> 27) & 0x1FFFFFFFFFL)) * 0x94D049BB133111EBL;
    return z ^ ((z >> 31) & 0x1FFFFFFFFL);
  }

  static void kernelIndex(
      KernelContext context,
      IntArray setting,
      int patterns,
      int rowsMask,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    int[] filter = context.allocateIntLocalArray(4096);
    int filterAt = tables.get(MatchTables.FILTER);
    int local = context.localIdx;
    int threads = context.localGroupSizeX;
    int worker = context.globalIdx;
    for (int i = local; i < 4096; i += threads) {
      filter[i] = tables.get(filterAt + i);
    }
    context.localBarrier();
    int base = setting.get(BASE);
    int step = setting.get(STEP);
    int from = worker * setting.get(SHARE);
    int to = from + last(setting, worker, from, step);
    int row = (context.groupIdx & rowsMask) * 2 * patterns;
    for (int i = from; i < to; i += step) {
      int at = base + i;
      int kind = kinds.get(at);
      int symbol = symbols.get(at);
      if (((filter[symbol] >> kind) & 1) != 0) {
        int header = kind | arities.get(at) << 4 | symbol << 8;
        int range = tables.get(MatchTables.RANGES) + 2 * (kind << 12 | symbol);
        int end = tables.get(range + 1);
        for (int k = tables.get(range); k < end; k++) {
          int pattern = tables.get(k);
          if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables) != 0) {
            context.atomicAdd(rows, row + 2 * pattern, 1L);
            context.atomicAdd(rows, row + 2 * pattern + 1, mix64(i));
          }
        }
      }
    }
  }

  /** Adds up rows and leaves zeros. */
  static void loopSum(int workers, int slots, int rowStep, int slotStep, LongArray rows, LongArray counts) {
    for (@Parallel int slot = 0; slot < slots; slot++) {
      long sum = 0;
      for (int worker = 0; worker < workers; worker++) {
        int at = worker * rowStep + slot * slotStep;
        sum += rows.get(at);
        rows.set(at, 0L);
      }
      counts.set(slot, sum);
    }
  }
}
