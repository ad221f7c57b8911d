// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;

/**
 * Chains of multiply-adds, up to {@value #MOST} side by side: few enough for the first-level cache,
 * and so many that the compiler's vector loops pay. A loop does several steps with each element
 * between loading and storing it; how many was found by trying. For one thread.
 */
final class Chains {
  /** The most chains side by side. */
  static final int MOST = 4096;

  private static final float FACTOR = -0x1.fffff8p-1f;
  private static final float ADDEND = 2.25f;
  private static final int INT_FACTOR = 0x915F77F5;

  private static final int FLOAT_STEPS = 8;
  private static final int INT_STEPS = 4;

  private final float[] floats = new float[MOST];
  private final int[] ints = new int[MOST];

  /** Chains {@code first .. first + n - 1} of single precision, n at most {@value #MOST}. */
  void floats(MemorySegment output, long first, int n, long key, long steps) {
    float[] x = floats;
    long key0 = key + first * Words.STEP;
    for (int c = 0; c < n; c++) {
      x[c] = 1 + (int) (Words.word(key0, c) >>> 41) * 0x1p-23f;
    }
    for (long step = FLOAT_STEPS; step <= steps; step += FLOAT_STEPS) {
      stepFloats(x, n);
    }
    for (long step = 0; step < steps % FLOAT_STEPS; step++) {
      for (int c = 0; c < n; c++) {
        x[c] = next(x[c]);
      }
    }
    long base = Integer.BYTES * first;
    for (int c = 0; c < n; c++) {
      output.set(JAVA_INT, base + 4L * c, Float.floatToRawIntBits(x[c]));
    }
  }

  private static void stepFloats(float[] x, int n) {
    for (int c = 0; c < n; c++) {
      x[c] = next(next(next(next(next(next(next(next(x[c]))))))));
    }
  }

  private static float next(float x) {
    return Math.fma(x, FACTOR, ADDEND);
  }

  /** Chains {@code first .. first + n - 1} of integers, n at most {@value #MOST}. */
  void ints(MemorySegment output, long first, int n, long key, int addend, long steps) {
    int[] x = ints;
    long key0 = key + first * Words.STEP;
    for (int c = 0; c < n; c++) {
      x[c] = (int) Words.word(key0, c);
    }
    stepInts(x, n, addend, steps);
    long base = Integer.BYTES * first;
    for (int c = 0; c < n; c++) {
      output.set(JAVA_INT, base + 4L * c, x[c]);
    }
  }

  /** So many steps of the first n integers, n at most {@value #MOST}. */
  static void stepInts(int[] x, int n, int addend, long steps) {
    for (long step = INT_STEPS; step <= steps; step += INT_STEPS) {
      stepInts(x, n, addend);
    }
    for (long step = 0; step < steps % INT_STEPS; step++) {
      for (int c = 0; c < n; c++) {
        x[c] = x[c] * INT_FACTOR + addend;
      }
    }
  }

  private static void stepInts(int[] x, int n, int addend) {
    for (int c = 0; c < n; c++) {
      int y = x[c] * INT_FACTOR + addend;
      y = y * INT_FACTOR + addend;
      y = y * INT_FACTOR + addend;
      x[c] = y * INT_FACTOR + addend;
    }
  }
}
