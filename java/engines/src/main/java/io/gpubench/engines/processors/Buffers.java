// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.arrays.ArraySpec;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to large buffers outside of the timed window: they are filled, poisoned and summed
 * up, as fast as memory allows. Large ones are shared by a team of threads, which sleep in between.
 * Allocates nothing once created. For one thread, which closes it.
 */
public final class Buffers implements AutoCloseable {
  /** Elements that a loop goes through before it counts anew, so that its counter is an int. */
  private static final int CHUNK = 1 << 20;

  /** Below so many elements a second thread costs more than it brings. */
  private static final long SMALL = 1 << 17;

  private static final long LOW_HALF = 0xFFFFFFFFL;

  /** Words between what two members write, so that each has a cache line for itself. */
  private static final int LINE = 16;

  private final SpinTeam team;
  private final SpinTeam.Task part = this::part;
  private final long[] sums;
  private MemorySegment buffer = MemorySegment.NULL;
  private Action action = Action.FILL;
  private @Nullable ArraySpec array; // of Action.ELEMENTS
  private long elements;
  private long operand;

  private enum Action {
    FILL,
    FILL_INTS,
    WORDS,
    OPERANDS,
    ELEMENTS,
    SUM,
    SUM_INTS,
    MIX_INTS
  }

  public Buffers(int threads) {
    team = new SpinTeam(threads, 0);
    sums = new long[LINE * (threads + 1)];
  }

  /** Stores a word everywhere; the size is a multiple of 8. */
  public void fill(MemorySegment words, long word) {
    run(Action.FILL, words, words.byteSize() / Long.BYTES, word);
  }

  /** Stores a 32-bit word everywhere; the size is a multiple of 4. */
  public void fillInts(MemorySegment ints, int word) {
    run(Action.FILL_INTS, ints, ints.byteSize() / Integer.BYTES, word);
  }

  /** Stores what an array holds before a sample, from its key. */
  public void fill(ArraySpec spec, MemorySegment elements, long key) {
    array = spec;
    run(Action.ELEMENTS, elements, spec.elements(), key);
  }

  /** Stores the {@link Words} of a key. */
  public void fillWithWords(MemorySegment words, long key) {
    run(Action.WORDS, words, words.byteSize() / Long.BYTES, key);
  }

  /** Stores the highest 20 bits of each of the {@link Words} of a key, as doubles. */
  public void fillWithOperands(MemorySegment doubles, long key) {
    run(Action.OPERANDS, doubles, doubles.byteSize() / Long.BYTES, key);
  }

  /** Computes {@link #s0} and {@link #s1} of all 64-bit words. */
  public void sum(MemorySegment words) {
    run(Action.SUM, words, words.byteSize() / Long.BYTES, 0);
  }

  /** Computes {@link #s0} and {@link #s1} of all 32-bit words, unsigned. */
  public void sumInts(MemorySegment ints) {
    run(Action.SUM_INTS, ints, ints.byteSize() / Integer.BYTES, 0);
  }

  /**
   * Computes the {@link ArrayChecksum} of all 32-bit words: {@link #s0} is the sum, {@link #s1} the
   * mixed one.
   *
   * @param first index of the first of them in the answer
   */
  public void checksum(MemorySegment ints, long first) {
    run(Action.MIX_INTS, ints, ints.byteSize() / Integer.BYTES, first);
  }

  /** The sum of all words that were summed up last. */
  public long s0() {
    return total(0);
  }

  /** The sum of all words that were summed up last, word i taken 2 i + 1 times. */
  public long s1() {
    return total(1);
  }

  private long total(int which) {
    long sum = 0;
    for (int at = which; at < sums.length; at += LINE) {
      sum += sums[at];
    }
    return sum;
  }

  private void run(Action next, MemorySegment of, long count, long with) {
    action = next;
    buffer = of;
    elements = count;
    operand = with;
    java.util.Arrays.fill(sums, 0);
    if (count < SMALL) {
      part(0, 1);
    } else {
      team.run(part);
    }
  }

  /** Each member has a part of whole cache lines. */
  private void part(int member, int members) {
    long share = (elements / members + LINE) / LINE * LINE;
    long end = Math.min(elements, (member + 1) * share);
    for (long from = member * share; from < end; from += CHUNK) {
      int count = (int) Math.min(CHUNK, end - from);
      switch (action) {
        case FILL -> fill(from, count);
        case FILL_INTS -> fillInts(from, count);
        case ELEMENTS -> Objects.requireNonNull(array).fill(buffer, operand, from, count);
        case WORDS -> words(from, count);
        case OPERANDS -> operands(from, count);
        case SUM -> sum(from, count, LINE * member);
        case SUM_INTS -> sumInts(from, count, LINE * member);
        case MIX_INTS -> mixInts(from, count, LINE * member);
      }
    }
  }

  private void fill(long from, int count) {
    MemorySegment to = buffer;
    long word = operand;
    long base = Long.BYTES * from;
    for (int i = 0; i < count; i++) {
      to.set(JAVA_LONG, base + 8L * i, word);
    }
  }

  private void fillInts(long from, int count) {
    MemorySegment to = buffer;
    int word = (int) operand;
    long base = Integer.BYTES * from;
    for (int i = 0; i < count; i++) {
      to.set(JAVA_INT, base + 4L * i, word);
    }
  }

  private void words(long from, int count) {
    MemorySegment to = buffer;
    long key = operand + from * Words.STEP;
    long base = Long.BYTES * from;
    for (int i = 0; i < count; i++) {
      to.set(JAVA_LONG, base + 8L * i, Words.word(key, i));
    }
  }

  private void operands(long from, int count) {
    MemorySegment to = buffer;
    long key = operand + from * Words.STEP;
    long base = Long.BYTES * from;
    for (int i = 0; i < count; i++) {
      double value = Words.word(key, i) >>> 44;
      to.set(JAVA_LONG, base + 8L * i, Double.doubleToRawLongBits(value));
    }
  }

  private void sum(long from, int count, int at) {
    MemorySegment words = buffer;
    long base = Long.BYTES * from;
    long s0 = 0;
    long s1 = 0;
    for (int i = 0; i < count; i++) {
      long word = words.get(JAVA_LONG, base + 8L * i);
      s0 += word;
      s1 += i * word;
    }
    sums[at] += s0;
    sums[at + 1] += 2 * s1 + (2 * from + 1) * s0;
  }

  private void sumInts(long from, int count, int at) {
    MemorySegment ints = buffer;
    long base = Integer.BYTES * from;
    long s0 = 0;
    long s1 = 0;
    for (int i = 0; i < count; i++) {
      long word = ints.get(JAVA_INT, base + 4L * i) & LOW_HALF;
      s0 += word;
      s1 += i * word;
    }
    sums[at] += s0;
    sums[at + 1] += 2 * s1 + (2 * from + 1) * s0;
  }

  private void mixInts(long from, int count, int at) {
    MemorySegment ints = buffer;
    long base = Integer.BYTES * from;
    long first = operand + from;
    long s0 = 0;
    long s1 = 0;
    for (int i = 0; i < count; i++) {
      long word = ints.get(JAVA_INT, base + 4L * i) & LOW_HALF;
      s0 += word;
      s1 += ArrayChecksum.mixed(word, first + i);
    }
    sums[at] += s0;
    sums[at + 1] += s1;
  }

  @Override
  public void close() {
    team.close();
  }
}
