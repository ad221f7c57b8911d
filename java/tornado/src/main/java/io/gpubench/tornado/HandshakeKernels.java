// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Kernels of {@link Handshake}, each in what our other kernels rely on. */
final class HandshakeKernels {
  static final int ANSWERS = 9;

  private HandshakeKernels() {}

  /**
   * Arithmetic with words. Logical shifts go by masks, since TornadoVM makes {@code >>>} signed.
   */
  static void words(LongArray in, LongArray out) {
    for (@Parallel int i = 0; i < in.getSize(); i++) {
      long x = in.get(i);
      int narrow = (int) x;
      long mixed = x;
      mixed = (mixed ^ ((mixed >> 30) & 0x3_FFFF_FFFFL)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ ((mixed >> 27) & 0x1F_FFFF_FFFFL)) * 0x94D049BB133111EBL;
      mixed = mixed ^ ((mixed >> 31) & 0x1_FFFF_FFFFL);
      int at = i * ANSWERS;
      out.set(at, x >> 13);
      out.set(at + 1, (x >> 13) & 0x7_FFFF_FFFF_FFFFL);
      out.set(at + 2, (x << 17) | ((x >> 47) & 0x1_FFFFL));
      out.set(at + 3, mixed);
      out.set(at + 4, Long.bitCount(x));
      out.set(at + 5, x * x + 3);
      out.set(at + 6, x < 0 ? -1L : 1L);
      out.set(at + 7, (narrow >> 7) & 0x1FF_FFFF);
      out.set(at + 8, ((narrow << 9) | ((narrow >> 23) & 0x1FF)) + Integer.bitCount(narrow));
    }
  }

  /** Each group turns its words around in local memory; all threads add to two counters. */
  static void groups(
      KernelContext context, LongArray in, LongArray out, IntArray ints, LongArray longs) {
    long[] shared = context.allocateLongLocalArray(64);
    int i = context.globalIdx;
    int local = context.localIdx;
    shared[local] = in.get(i);
    context.localBarrier();
    out.set(i, shared[63 - local]);
    context.atomicAdd(ints, 0, local);
    context.atomicAdd(longs, 0, in.get(i));
  }

  /** Its name is a keyword of C, so that no compiler of OpenCL C or CUDA C takes it. */
  static void unsigned(KernelContext context, IntArray out) {
    int i = context.globalIdx;
    out.set(i, i + 1);
  }
}
