// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.engines.utilization.UtilizationKernels;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Sustained work in Java: each member of a team has a part of the arrays, of which as many words as
 * fit into the first-level cache come there, are stepped on in vector loops, and go on to the other
 * array.
 */
final class JavaUtilizationKernels implements UtilizationKernels {
  /** Words of a cache line and its prefetched neighbour. */
  private static final int LINE = 32;

  /**
   * Words that are stepped on at a time, found by trying: with more of them memory waits longer for
   * the arithmetic, with fewer the loops are too short.
   */
  private static final int BLOCK = 2048;

  private final NativeMemory memory = new NativeMemory();
  private final SpinTeam team;
  private final int[][] blocks;
  private final int[] sums;
  private final SpinTeam.Task pass = this::pass;

  // what the current pass works on; the team publishes it
  private MemorySegment from = MemorySegment.NULL;
  private MemorySegment to = MemorySegment.NULL;
  private int times;
  private int addend;

  JavaUtilizationKernels(int threads) {
    team = new SpinTeam(threads);
    blocks = new int[threads][BLOCK];
    sums = new int[LINE * (threads + 1)];
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public void wake() {
    team.wake();
  }

  @Override
  public void run(MemorySegment words, MemorySegment others, int passes, int steps, long key) {
    times = steps;
    int sum = 0;
    for (int i = 0; i < passes; i++) {
      from = i % 2 == 0 ? words : others;
      to = i % 2 == 0 ? others : words;
      addend = ((int) Words.word(key, i) + sum) | 1;
      team.run(pass);
      sum = total();
    }
  }

  private int total() {
    int sum = 0;
    for (int member = 0; member < team.members(); member++) {
      sum += sums[LINE * member];
    }
    return sum;
  }

  private void pass(int member, int members) {
    long count = from.byteSize() / Integer.BYTES;
    long end = begin(count, member + 1, members);
    int[] x = blocks[member];
    int sum = 0;
    for (long at = begin(count, member, members); at < end; at += x.length) {
      int n = (int) Math.min(x.length, end - at);
      MemorySegment.copy(from, JAVA_INT, Integer.BYTES * at, x, 0, n);
      Chains.stepInts(x, n, addend, times);
      sum += (int) store(x, n, to, Integer.BYTES * at);
    }
    sums[LINE * member] = sum;
  }

  /** Returns the sum of what it stores, as a long: C2 makes vectors of that and not of an int. */
  private static long store(int[] x, int n, MemorySegment to, long base) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      int word = x[i];
      to.set(JAVA_INT, base + 4L * i, word);
      sum += word;
    }
    return sum;
  }

  /** Where the part of a member begins, in whole cache lines; that of the one behind. */
  private static long begin(long count, int member, int members) {
    long lines = Math.ceilDiv(count, LINE);
    return Math.min(count, lines * member / members * LINE);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) team.members());
  }

  @Override
  public void close() {
    try (memory) {
      team.close();
    }
  }
}
