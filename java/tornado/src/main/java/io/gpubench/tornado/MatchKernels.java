// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Which patterns match where: for each pattern the number of nodes, and the sum of mix64 of their
 * indices. A worker is a thread with its share of the nodes: so many side by side, or each
 * workers-th one.
 *
 * <pre>
 * brute    a node's header is compared with the roots of 32 patterns without a branch, which makes
 *          a word; what is set in it is compared further
 * index    a word for each symbol says which kinds have a list of patterns with it; few nodes pass,
 *          and are compared with the patterns of their list
 *
 * loop     each worker has a row of counts of its own, for annotated loops have no atomics
 * kernel   a group brings the filter (16 KiB) or the roots (8 bytes a pattern) to local memory;
 *          groups share rows by atomics, as many as a MiB has
 * </pre>
 *
 * Behind them rows are added up, and left zero for the next sample.
 *
 * <p>Of N nodes and P patterns: reads 6 N bytes, 4 more of each node whose root some pattern with a
 * child accepts, 16 P bytes of rows each way; compares 32-bit words, P N of them in brute.
 *
 * <p>What CUDA does beside that: it reads 16 bytes at a time, gathers the pairs that are left over
 * by ballots and shuffles so that all lanes of a warp have one, counts in shared memory by atomics
 * (here an atomic on local memory ignores its index), adds rows up in the block that ends last (no
 * atomic returns a value) and asks for the next tile ahead.
 */
final class MatchKernels {
  private static final int WORD = 32;
  private static final int HEADER = 0xFFFFF;

  private MatchKernels() {}

  /** By an index, with a loop. */
  static void loopIndex(
      IntArray setting,
      int workers,
      int nodes,
      int strided,
      int slots,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int base = setting.get(0);
      int filter = tables.get(MatchTables.FILTER);
      int ranges = tables.get(MatchTables.RANGES);
      int step = strided != 0 ? workers : 1;
      int to = Shares.end(worker, workers, nodes, strided);
      for (int i = Shares.begin(worker, workers, nodes, strided); i < to; i += step) {
        int at = base + i;
        int kind = kinds.get(at);
        int symbol = symbols.get(at);
        if (((tables.get(filter + symbol) >> kind) & 1) != 0) {
          int header = kind | arities.get(at) << 4 | symbol << 8;
          int range = ranges + 2 * (kind << MatchTables.SYMBOL_BITS | symbol);
          int end = tables.get(range + 1);
          for (int k = tables.get(range); k < end; k++) {
            int pattern = tables.get(k);
            if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables)
                != 0) {
              int slot = worker * slots + 2 * pattern;
              rows.set(slot, rows.get(slot) + 1);
              rows.set(slot + 1, rows.get(slot + 1) + mix64(i));
            }
          }
        }
      }
    }
  }

  /** By force, with a loop. */
  static void loopBrute(
      IntArray setting,
      int workers,
      int nodes,
      int strided,
      int slots,
      int padded,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    for (@Parallel int worker = 0; worker < workers; worker++) {
      int base = setting.get(0);
      int masks = tables.get(MatchTables.MASKS);
      int wants = tables.get(MatchTables.WANTS);
      int step = strided != 0 ? workers : 1;
      int to = Shares.end(worker, workers, nodes, strided);
      for (int i = Shares.begin(worker, workers, nodes, strided); i < to; i += step) {
        int at = base + i;
        int header = kinds.get(at) | arities.get(at) << 4 | symbols.get(at) << 8;
        for (int first = 0; first < padded; first += WORD) {
          int word = 0;
          for (int p = 0; p < WORD; p++) {
            int differing =
                (header & tables.get(masks + first + p)) ^ (tables.get(wants + first + p) & HEADER);
            word |= (((differing - 1) >> 31) & 1) << p;
          }
          while (word != 0) {
            int lowest = word & -word;
            word ^= lowest;
            int pattern = first + Integer.bitCount(lowest - 1);
            if (matches(header, at, base, pattern, kinds, arities, symbols, children, tables)
                != 0) {
              int slot = worker * slots + 2 * pattern;
              rows.set(slot, rows.get(slot) + 1);
              rows.set(slot + 1, rows.get(slot + 1) + mix64(i));
            }
          }
        }
      }
    }
  }

  /** By an index, with threads. */
  static void kernelIndex(
      KernelContext context,
      IntArray setting,
      int nodes,
      int strided,
      int slots,
      int rowMask,
      ByteArray kinds,
      ByteArray arities,
      IntArray symbols,
      IntArray children,
      IntArray tables,
      LongArray rows) {
    int[] filter = context.allocateIntLocalArray(1 << MatchTables.SYMBOL_BITS);
    int local = context.localIdx;
    int threads = context.localGroupSizeX;
    int worker = context.globalIdx;
    int workers = context.globalGroupSizeX;
    int group = context.groupIdx;
    int filterAt = tables.get(MatchTables.FILTER);
    for (int i = local; i < 1 << MatchTables.SYMBOL_BITS; i += threads) {
      filter[i] = tables.get(filterAt + i);
    }
    context.localBarrier();
    int base = setting.get(0);
    int ranges = tables.get(MatchTables.RANGES);
    int row = (group & rowMask) * slots;
    int step = strided != 0 ? workers : 1;
    int to = Shares.end(worker, workers, nodes, strided);
    for (int i = Shares.begin(worker, workers, nodes, strided); i < to; i += step) {
      int at = base + i;
      int kind = kinds.get(at);
      int symbol = symbols.get(at);
      if (((filter[symbol] >> kind) & 1) != 0) {
        int header = kind | arities.get(at) << 4 | symbol << 8;
        int range = ranges + 2 * (kind << MatchTables.SYMBOL_BITS | symbol);
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

  /** By force, with threads. */
  static void kernelBrute(
      KernelContext context,
      IntArray setting,
      int nodes,
      int strided,
      int slots,
      int rowMask,
      int padded,
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
    int workers = context.globalGroupSizeX;
    int group = context.groupIdx;
    int masks = tables.get(MatchTables.MASKS);
    for (int i = local; i < 2 * padded; i += threads) {
      roots[i] = tables.get(masks + i) & HEADER;
    }
    context.localBarrier();
    int base = setting.get(0);
    int row = (group & rowMask) * slots;
    int step = strided != 0 ? workers : 1;
    int to = Shares.end(worker, workers, nodes, strided);
    for (int i = Shares.begin(worker, workers, nodes, strided); i < to; i += step) {
      int at = base + i;
      int header = kinds.get(at) | arities.get(at) << 4 | symbols.get(at) << 8;
      for (int first = 0; first < padded; first += WORD) {
        int word = 0;
        for (int p = 0; p < WORD; p++) {
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

  /** Whether a node matches a pattern: 1 or 0. */
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
      int test = tables.get(starts);
      int end = tables.get(starts + 1);
      while (test < end && agrees != 0) {
        int place = base + children.get(at) + tables.get(test + MatchTables.CHILD);
        int grandchild = tables.get(test + MatchTables.GRANDCHILD);
        if (grandchild >= 0) {
          place = base + children.get(place) + grandchild;
        }
        int found = kinds.get(place) | arities.get(place) << 4 | symbols.get(place) << 8;
        agrees = agrees(found, tables.get(test), tables.get(test + 1));
        test += MatchTables.TEST_WORDS;
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

  /** The finaliser of splitmix64, of an index. TornadoVM makes >>> a shift with sign. */
  private static long mix64(long index) {
    long z = index;
    z = (z ^ ((z >> 30) & 0x3FFFFFFFFL)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ ((z >> 27) & 0x1FFFFFFFFFL)) * 0x94D049BB133111EBL;
    return z ^ ((z >> 31) & 0x1FFFFFFFFL);
  }

  /** Adds rows up, each parts-th one to one row, and leaves zeros; with a loop. */
  static void loopSum(int count, int parts, int slots, LongArray rows, LongArray sums) {
    for (@Parallel int i = 0; i < parts * slots; i++) {
      int part = i / slots;
      long sum = 0;
      for (int row = part; row < count; row += parts) {
        int at = row * slots + i - part * slots;
        sum += rows.get(at);
        rows.set(at, 0L);
      }
      sums.set(i, sum);
    }
  }

  /** Adds all rows up and leaves zeros; with threads. */
  static void kernelSum(
      KernelContext context, int count, int slots, LongArray rows, LongArray sums) {
    int slot = context.globalIdx;
    if (slot < slots) {
      long sum = 0;
      for (int row = 0; row < count; row++) {
        int at = row * slots + slot;
        sum += rows.get(at);
        rows.set(at, 0L);
      }
      sums.set(slot, sum);
    }
  }
}
