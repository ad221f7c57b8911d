// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * The ceilings of memory. Element i of the output is at {@code LEAD + i}, behind the header that
 * TornadoVM puts before each array, so that elements begin at a multiple of {@value #LINE} bytes;
 * where the inputs of the sample begin is in {@code at}.
 *
 * <p>copy: {@code a[i] = b[i]}, reads 8 n and writes 8 n bytes. triad: {@code a[i] = b[i] + 3
 * c[i]}, reads 16 n and writes 8 n bytes, 2 n operations.
 *
 * <p>With threads: each group does a tile of consecutive elements, its threads side by side, so
 * that a warp touches whole lines; the last tile may be smaller. A processor has groups of one
 * thread, which goes through its tile from beginning to end, as its vector units want it. With
 * loops: a thread for each element, or, on processors, for each tile.
 *
 * <p>What CUDA can do and this cannot: load and store 16 bytes at once (there are vector types of
 * floats and doubles, but they are arrays of their own and not views of these), and say which lines
 * the caches need not keep ({@code __ldcs}, {@code __stcs}; of a processor, stores past the caches,
 * which save it the reading of what is overwritten). An element further than 2^31 from the first is
 * out of reach, since an index is an int.
 */
final class CeilingKernel {
  /** Bytes of the line that all data begin with. */
  static final int LINE = 128;

  /** Elements between the header of 16 bytes and the first line. */
  static final int LEAD = (LINE - 16) / Long.BYTES;

  private CeilingKernel() {}

  /** Something to do where outputs and position are brought to the device. */
  static void arrive(IntArray at, LongArray output) {
    for (@Parallel int i = 0; i < 1; i++) {
      at.set(2, at.get(0));
    }
  }

  /** {@link #arrive(IntArray, LongArray)} */
  static void arriveDoubles(IntArray at, DoubleArray output) {
    for (@Parallel int i = 0; i < 1; i++) {
      at.set(2, at.get(0));
    }
  }

  static void copyTiles(
      KernelContext context, LongArray in, LongArray out, IntArray at, int count, int tile) {
    int from = at.get(0);
    int begin = context.groupIdx * tile;
    int end = count - begin < tile ? count : begin + tile;
    for (int i = begin + context.localIdx; i < end; i += context.localGroupSizeX) {
      out.set(LEAD + i, in.get(from + i));
    }
  }

  static void triadTiles(
      KernelContext context, DoubleArray in, DoubleArray out, IntArray at, int count, int tile) {
    int b = at.get(0);
    int c = at.get(1);
    int begin = context.groupIdx * tile;
    int end = count - begin < tile ? count : begin + tile;
    for (int i = begin + context.localIdx; i < end; i += context.localGroupSizeX) {
      out.set(LEAD + i, in.get(b + i) + 3.0 * in.get(c + i));
    }
  }

  static void copyEach(LongArray in, LongArray out, IntArray at, int count) {
    for (@Parallel int i = 0; i < count; i++) {
      out.set(LEAD + i, in.get(at.get(0) + i));
    }
  }

  static void triadEach(DoubleArray in, DoubleArray out, IntArray at, int count) {
    for (@Parallel int i = 0; i < count; i++) {
      out.set(LEAD + i, in.get(at.get(0) + i) + 3.0 * in.get(at.get(1) + i));
    }
  }

  static void copyLoops(LongArray in, LongArray out, IntArray at, int count, int tile, int tiles) {
    for (@Parallel int k = 0; k < tiles; k++) {
      int from = at.get(0);
      int begin = k * tile;
      int end = count - begin < tile ? count : begin + tile;
      for (int i = begin; i < end; i++) {
        out.set(LEAD + i, in.get(from + i));
      }
    }
  }

  static void triadLoops(
      DoubleArray in, DoubleArray out, IntArray at, int count, int tile, int tiles) {
    for (@Parallel int k = 0; k < tiles; k++) {
      int b = at.get(0);
      int c = at.get(1);
      int begin = k * tile;
      int end = count - begin < tile ? count : begin + tile;
      for (int i = begin; i < end; i++) {
        out.set(LEAD + i, in.get(b + i) + 3.0 * in.get(c + i));
      }
    }
  }
}
