// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * The right answers, in plain Java. With the keys k0, k1 of a sample:
 *
 * <pre>
 * input j of a buffer        in_j[i] = word(kj, i)
 * of triad                   b[i], c[i] = (double) (word(kj, i) >>> 44), j = 0, 1
 *
 * sum                        one word, the sum of in_0
 * copy, link                 out[i] = in_0[i]
 * both ways                  two outputs, those of in_0 and in_1
 * triad                      a[i] = b[i] + 3.0 c[i], which is exact
 * again                      one word, the sum over p, i of in_0[i] ^ mix64(p + 1), p = 0 .. passes - 1
 * fp32, chain c              x = 1 + (float) (word(k0, c) >>> 41) 2^-23
 *                            steps times x = fma(x, -0x1.fffff8p-1f, 2.25f); out[c] = bits of x
 * int32, chain c             x = low half of word(k0, c); b = low half of word(k1, 0) | 1
 *                            steps times x = 0x915F77F5 x + b; out[c] = x
 * atomic                     out[(q * 2654435761) mod cells] += word(k0, q), q = 0 .. operations - 1
 * </pre>
 *
 * <p>The answer, of which the digest is made: the one word; for chains the 64 outputs of the chains
 * {@link #chainShown}; else both sums of the {@link Checksum} of each output.
 */
public final class CeilingOracle {
  /**
   * Chosen so that x stays between 0.25 and 2 for all steps, passes 1 at every other one, and so
   * shows whether product and sum were rounded once or twice.
   */
  static final float FP32_FACTOR = -0x1.fffff8p-1f;

  static final float FP32_ADDEND = 2.25f;
  static final int INT32_FACTOR = 0x915F77F5;
  private static final long CELL_FACTOR = 2_654_435_761L;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  /** Chains that are computed side by side. */
  private static final int BLOCK = 1024;

  private CeilingOracle() {}

  /** The words of an input buffer. */
  public static LongUnaryOperator input(Ceiling ceiling, long key) {
    return ceiling == Ceiling.TRIAD
        ? i -> Double.doubleToRawLongBits(operand(key, i))
        : i -> Words.word(key, i);
  }

  /** An operand of the triad: 20 bits, so that no sum is rounded. */
  private static double operand(long key, long i) {
    return Words.word(key, i) >>> 44;
  }

  /**
   * The checksum of the whole output; of the first output for both ways.
   *
   * @param keys of streams 0 .. streams - 1
   */
  public static Checksum output(Ceiling ceiling, ParameterValues values, long[] keys) {
    return switch (ceiling.kind()) {
      case SUM -> word(sum(keys[0], values.whole("bytes") / Long.BYTES));
      case AGAIN ->
          word(sumAgain(keys[0], values.whole("bytes") / Long.BYTES, values.whole("passes")));
      case COPY, LINK, BOTH_WAYS -> words(ceiling, values, keys[0]);
      case TRIAD ->
          Checksum.of(
              values.whole("bytes") / Long.BYTES,
              i -> Double.doubleToRawLongBits(operand(keys[0], i) + 3.0 * operand(keys[1], i)));
      case CHAINS -> chains(ceiling, values, keys);
      case ATOMIC -> {
        long[] cells =
            cells(Math.toIntExact(values.whole("cells")), values.whole("operations"), keys[0]);
        yield Checksum.of(cells.length, i -> cells[(int) i]);
      }
    };
  }

  /** The words whose digest is the answer's. */
  public static long[] answer(Ceiling ceiling, ParameterValues values, long[] keys) {
    return switch (ceiling.kind()) {
      case SUM, AGAIN -> new long[] {output(ceiling, values, keys).s0()};
      case CHAINS -> {
        long[] shown = new long[Ceiling.CHAINS_SHOWN];
        for (int k = 0; k < shown.length; k++) {
          shown[k] =
              chain(ceiling, keys, chainShown(values, keys, k), values.whole("steps")) & LOW_HALF;
        }
        yield shown;
      }
      case BOTH_WAYS -> {
        Checksum there = words(ceiling, values, keys[0]);
        Checksum back = words(ceiling, values, keys[1]);
        yield new long[] {there.s0(), there.s1(), back.s0(), back.s1()};
      }
      default -> {
        Checksum whole = output(ceiling, values, keys);
        yield new long[] {whole.s0(), whole.s1()};
      }
    };
  }

  /** The k-th of the chains that the answer shows: word(k1, k) mod chains, unsigned. */
  public static long chainShown(ParameterValues values, long[] keys, int k) {
    return Long.remainderUnsigned(Words.word(keys[1], k), values.whole("chains"));
  }

  /** What the steps of {@link Ceiling#INT32} add. */
  public static int addend(long[] keys) {
    return (int) Words.word(keys[1], 0) | 1;
  }

  /** Where {@link Ceiling#ATOMIC} adds word q; the number of cells is a power of two. */
  public static long cell(long q, long cells) {
    return q * CELL_FACTOR & cells - 1;
  }

  /** The 32 bits that a chain of {@link Ceiling#FP32} or {@link Ceiling#INT32} ends with. */
  static int chain(Ceiling ceiling, long[] keys, long chain, long steps) {
    if (ceiling == Ceiling.FP32) {
      float x = firstFloat(keys, chain);
      for (long step = 0; step < steps; step++) {
        x = Math.fma(x, FP32_FACTOR, FP32_ADDEND);
      }
      return Float.floatToRawIntBits(x);
    }
    int x = firstInt(keys, chain);
    int addend = addend(keys);
    for (long step = 0; step < steps; step++) {
      x = x * INT32_FACTOR + addend;
    }
    return x;
  }

  private static float firstFloat(long[] keys, long chain) {
    return 1 + (Words.word(keys[0], chain) >>> 41) * 0x1p-23f;
  }

  private static int firstInt(long[] keys, long chain) {
    return (int) Words.word(keys[0], chain);
  }

  private static Checksum word(long word) {
    return new Checksum(word, word);
  }

  private static Checksum words(Ceiling ceiling, ParameterValues values, long key) {
    return Checksum.of(values.whole("bytes") / Long.BYTES, input(ceiling, key));
  }

  private static long sum(long key, long words) {
    return LongStream.range(0, words).parallel().map(i -> Words.word(key, i)).sum();
  }

  private static long sumAgain(long key, long words, long passes) {
    long[] masks = LongStream.rangeClosed(1, passes).map(Words::mix64).toArray();
    return LongStream.range(0, words)
        .parallel()
        .map(i -> {
          long word = Words.word(key, i);
          long sum = 0;
          for (long mask : masks) {
            sum += word ^ mask;
          }
          return sum;
        })
        .sum();
  }

  /** All chains, a block of them side by side, step by step, since one after the other is slow. */
  private static Checksum chains(Ceiling ceiling, ParameterValues values, long[] keys) {
    long chains = values.whole("chains");
    long steps = values.whole("steps");
    return LongStream.range(0, (chains + BLOCK - 1) / BLOCK)
        .parallel()
        .mapToObj(block -> {
          long first = block * BLOCK;
          int count = (int) Math.min(BLOCK, chains - first);
          int[] last =
              ceiling == Ceiling.FP32
                  ? floats(keys, first, count, steps)
                  : ints(keys, first, count, steps);
          long s0 = 0;
          long s1 = 0;
          for (int c = 0; c < count; c++) {
            long w = last[c] & LOW_HALF;
            s0 += w;
            s1 += (2 * (first + c) + 1) * w;
          }
          return new Checksum(s0, s1);
        })
        .reduce(new Checksum(0, 0), Checksum::plus);
  }

  private static int[] floats(long[] keys, long first, int count, long steps) {
    float[] x = new float[count];
    for (int c = 0; c < count; c++) {
      x[c] = firstFloat(keys, first + c);
    }
    for (long step = 0; step < steps; step++) {
      for (int c = 0; c < count; c++) {
        x[c] = Math.fma(x[c], FP32_FACTOR, FP32_ADDEND);
      }
    }
    int[] bits = new int[count];
    for (int c = 0; c < count; c++) {
      bits[c] = Float.floatToRawIntBits(x[c]);
    }
    return bits;
  }

  private static int[] ints(long[] keys, long first, int count, long steps) {
    int[] x = new int[count];
    for (int c = 0; c < count; c++) {
      x[c] = firstInt(keys, first + c);
    }
    int addend = addend(keys);
    for (long step = 0; step < steps; step++) {
      for (int c = 0; c < count; c++) {
        x[c] = x[c] * INT32_FACTOR + addend;
      }
    }
    return x;
  }

  private static long[] cells(int cells, long operations, long key) {
    long[] sums = new long[cells];
    for (long q = 0; q < operations; q++) {
      sums[(int) cell(q, cells)] += Words.word(key, q);
    }
    return sums;
  }
}
