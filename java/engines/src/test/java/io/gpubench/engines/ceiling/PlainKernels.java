// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Kernels as they are described, word by word, for tests of what uses them. */
class PlainKernels implements CeilingKernels {
  private final Arena arena = Arena.ofConfined();
  boolean closed;

  @Override
  public MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, 64);
  }

  @Override
  public void read(MemorySegment input, MemorySegment answer) {
    long sum = 0;
    for (long at = 0; at < input.byteSize(); at += 8) {
      sum += input.get(JAVA_LONG, at);
    }
    answer.set(JAVA_LONG, 0, sum);
  }

  @Override
  public void copy(MemorySegment input, MemorySegment output) {
    output.copyFrom(input);
  }

  @Override
  public void triad(MemorySegment a, MemorySegment b, MemorySegment c) {
    for (long at = 0; at < a.byteSize(); at += 8) {
      a.set(JAVA_DOUBLE, at, b.get(JAVA_DOUBLE, at) + 3.0 * c.get(JAVA_DOUBLE, at));
    }
  }

  @Override
  public void readAgain(MemorySegment input, long passes, MemorySegment answer) {
    long sum = 0;
    for (long pass = 1; pass <= passes; pass++) {
      for (long at = 0; at < input.byteSize(); at += 8) {
        sum += input.get(JAVA_LONG, at) ^ Words.mix64(pass);
      }
    }
    answer.set(JAVA_LONG, 0, sum);
  }

  @Override
  public void fp32(MemorySegment output, long key, long steps) {
    for (int c = 0; c < output.byteSize() / 4; c++) {
      float x = 1 + (Words.word(key, c) >>> 41) * 0x1p-23f;
      for (long step = 0; step < steps; step++) {
        x = Math.fma(x, -0x1.fffff8p-1f, 2.25f);
      }
      output.setAtIndex(JAVA_INT, c, Float.floatToRawIntBits(x));
    }
  }

  @Override
  public void int32(MemorySegment output, long key, int addend, long steps) {
    for (int c = 0; c < output.byteSize() / 4; c++) {
      int x = (int) Words.word(key, c);
      for (long step = 0; step < steps; step++) {
        x = x * 0x915F77F5 + addend;
      }
      output.setAtIndex(JAVA_INT, c, x);
    }
  }

  @Override
  public void atomic(MemorySegment cells, long key, long operations) {
    for (long q = 0; q < operations; q++) {
      long at = 8 * Long.remainderUnsigned(q * 2_654_435_761L, cells.byteSize() / 8);
      cells.set(JAVA_LONG, at, cells.get(JAVA_LONG, at) + Words.word(key, q));
    }
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", 1L);
  }

  @Override
  public void close() {
    closed = true;
    arena.close();
  }
}
