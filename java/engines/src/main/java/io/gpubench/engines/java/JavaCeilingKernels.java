// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.ceiling.CeilingKernels;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.workloads.ceiling.CeilingOracle;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Map;

/**
 * The ceilings in Java: each member of a team has a part of the buffer, in loops that the compiler
 * makes vector instructions of. Memory lies outside of the heap, so that a buffer may be of any
 * size and no garbage collection moves it.
 */
final class JavaCeilingKernels implements CeilingKernels {
  /** Words of a cache line and its prefetched neighbour. */
  private static final int LINE = 16;

  /** Elements that a loop goes through before it counts anew: the counter has to be an int. */
  private static final int CHUNK = 1 << 20;

  private static final VarHandle CELL = JAVA_LONG.varHandle();

  private final NativeMemory memory = new NativeMemory();
  private final SpinTeam team;
  private final Chains[] chains;
  private final long[] sums;
  private final SpinTeam.Task read = this::readPart;
  private final SpinTeam.Task copy = this::copyPart;
  private final SpinTeam.Task triad = this::triadPart;
  private final SpinTeam.Task readAgain = this::readPartAgain;
  private final SpinTeam.Task fp32 = this::fp32Part;
  private final SpinTeam.Task int32 = this::int32Part;
  private final SpinTeam.Task atomic = this::atomicPart;

  // what the current task works on; the team publishes it
  private MemorySegment target = MemorySegment.NULL;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private long count;
  private long key;
  private long times;
  private int addend;

  JavaCeilingKernels(int threads) {
    team = new SpinTeam(threads);
    sums = new long[LINE * (threads + 1)];
    chains = new Chains[threads];
    for (int i = 0; i < threads; i++) {
      chains[i] = new Chains();
    }
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public void wake() {
    team.wake();
  }

  /** Where the part of a member begins, in whole cache lines of words; that of the one behind. */
  private static long begin(long count, int member, int members) {
    long lines = (count + LINE - 1) / LINE;
    return Math.min(count, lines * member / members * LINE);
  }

  @Override
  public void read(MemorySegment input, MemorySegment answer) {
    first = input;
    count = input.byteSize() / Long.BYTES;
    team.run(read);
    answer.set(JAVA_LONG, 0, total());
  }

  private long total() {
    long sum = 0;
    for (int member = 0; member < team.members(); member++) {
      sum += sums[LINE * member];
    }
    return sum;
  }

  private void readPart(int member, int members) {
    sums[LINE * member] =
        sum(first, begin(count, member, members), begin(count, member + 1, members), 0);
  }

  /** The sum of {@code word ^ mask}. */
  private static long sum(MemorySegment words, long from, long to, long mask) {
    long sum = 0;
    for (long at = from; at < to; at += CHUNK) {
      int n = (int) Math.min(CHUNK, to - at);
      long base = Long.BYTES * at;
      for (int i = 0; i < n; i++) {
        sum += words.get(JAVA_LONG, base + 8L * i) ^ mask;
      }
    }
    return sum;
  }

  @Override
  public void copy(MemorySegment input, MemorySegment output) {
    first = input;
    target = output;
    count = input.byteSize() / Long.BYTES;
    team.run(copy);
  }

  private void copyPart(int member, int members) {
    long from = Long.BYTES * begin(count, member, members);
    long to = Long.BYTES * begin(count, member + 1, members);
    MemorySegment.copy(first, from, target, from, to - from);
  }

  @Override
  public void triad(MemorySegment a, MemorySegment b, MemorySegment c) {
    target = a;
    first = b;
    second = c;
    count = a.byteSize() / Double.BYTES;
    team.run(triad);
  }

  private void triadPart(int member, int members) {
    MemorySegment a = target;
    MemorySegment b = first;
    MemorySegment c = second;
    long to = begin(count, member + 1, members);
    for (long at = begin(count, member, members); at < to; at += CHUNK) {
      int n = (int) Math.min(CHUNK, to - at);
      long base = Double.BYTES * at;
      for (int i = 0; i < n; i++) {
        long here = base + 8L * i;
        a.set(JAVA_DOUBLE, here, b.get(JAVA_DOUBLE, here) + 3.0 * c.get(JAVA_DOUBLE, here));
      }
    }
  }

  @Override
  public void readAgain(MemorySegment input, long passes, MemorySegment answer) {
    first = input;
    count = input.byteSize() / Long.BYTES;
    times = passes;
    team.run(readAgain);
    answer.set(JAVA_LONG, 0, total());
  }

  private void readPartAgain(int member, int members) {
    long from = begin(count, member, members);
    long to = begin(count, member + 1, members);
    long sum = 0;
    for (long pass = 1; pass <= times; pass++) {
      sum += sum(first, from, to, Words.mix64(pass));
    }
    sums[LINE * member] = sum;
  }

  @Override
  public void fp32(MemorySegment output, long chainsKey, long steps) {
    chains(output, chainsKey, steps, 0);
    team.run(fp32);
  }

  @Override
  public void int32(MemorySegment output, long chainsKey, int added, long steps) {
    chains(output, chainsKey, steps, added);
    team.run(int32);
  }

  private void chains(MemorySegment output, long chainsKey, long steps, int added) {
    target = output;
    count = output.byteSize() / Integer.BYTES;
    key = chainsKey;
    times = steps;
    addend = added;
  }

  private void fp32Part(int member, int members) {
    long to = begin(count, member + 1, members);
    for (long at = begin(count, member, members); at < to; at += Chains.MOST) {
      chains[member].floats(target, at, (int) Math.min(Chains.MOST, to - at), key, times);
    }
  }

  private void int32Part(int member, int members) {
    long to = begin(count, member + 1, members);
    for (long at = begin(count, member, members); at < to; at += Chains.MOST) {
      int n = (int) Math.min(Chains.MOST, to - at);
      chains[member].ints(target, at, n, key, addend, times);
    }
  }

  @Override
  public void atomic(MemorySegment cells, long wordsKey, long operations) {
    target = cells;
    count = operations;
    key = wordsKey;
    team.run(atomic);
  }

  private void atomicPart(int member, int members) {
    MemorySegment cells = target;
    long wordsKey = key;
    long number = cells.byteSize() / Long.BYTES;
    long to = begin(count, member + 1, members);
    for (long at = begin(count, member, members); at < to; at += CHUNK) {
      int n = (int) Math.min(CHUNK, to - at);
      for (int i = 0; i < n; i++) {
        long q = at + i;
        long _ =
            (long)
                CELL.getAndAdd(
                    cells, Long.BYTES * CeilingOracle.cell(q, number), Words.word(wordsKey, q));
      }
    }
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
