// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;

/**
 * Fills pages in memory with the words of a key, and compares them with it, as fast as memory
 * allows: untimed work, which large batches have a team of threads for that sleeps in between.
 * Allocates nothing once created. For one thread, which closes it.
 */
public final class PageWords implements AutoCloseable {
  /** Below so many words a second thread costs more than it brings. */
  private static final long SMALL = 1 << 15;

  /** Words that a loop goes through before it counts anew, so that its counter is an int. */
  private static final int BLOCK = 1 << 12;

  /** Words between what two members write, so that each has a cache line for itself. */
  private static final int LINE = 16;

  private final SpinTeam team;
  private final SpinTeam.Task part = this::part;
  private final long[] found; // of each member: the two sums, and the first wrong word or -1

  // what the current call is about; the team publishes it
  private boolean fills;
  private MemorySegment pool = MemorySegment.NULL;
  private MemorySegment frames = MemorySegment.NULL;
  private long pageWords;
  private long words;
  private long key;

  /** With so many threads, at least 1. */
  public PageWords(int threads) {
    team = new SpinTeam(threads, 0);
    found = new long[LINE * (threads + 1)];
  }

  /**
   * Stores words of a key: word j of page i is word {@code first + i * pageBytes / 8 + j} of it.
   *
   * @param inFrames of pages 0 .. count - 1 of the pool
   * @param first number of the first word
   */
  public void fill(
      MemorySegment inPool,
      MemorySegment inFrames,
      int count,
      long pageBytes,
      long ofKey,
      long first) {
    run(true, inPool, inFrames, count, pageBytes, ofKey + first * Words.STEP);
  }

  /**
   * Compares words with those that {@link #fill} stores, and sums up what is there.
   *
   * @return whether all are right
   */
  public boolean check(
      MemorySegment inPool,
      MemorySegment inFrames,
      int count,
      long pageBytes,
      long ofKey,
      long first) {
    run(false, inPool, inFrames, count, pageBytes, ofKey + first * Words.STEP);
    return firstWrong() < 0;
  }

  /**
   * The number of the first wrong word that was compared last, from 0 for the first word of page 0;
   * -1 where all are right.
   */
  public long firstWrong() {
    long first = -1;
    for (int at = 2; at < found.length; at += LINE) {
      if (found[at] >= 0 && (first < 0 || found[at] < first)) {
        first = found[at];
      }
    }
    return first;
  }

  /** The sum of all words that were compared last. */
  public long s0() {
    return total(0);
  }

  /** The sum of all words that were compared last, word i of them taken 2 i + 1 times. */
  public long s1() {
    return total(1);
  }

  private long total(int which) {
    long sum = 0;
    for (int at = which; at < found.length; at += LINE) {
      sum += found[at];
    }
    return sum;
  }

  private void run(
      boolean fill,
      MemorySegment inPool,
      MemorySegment inFrames,
      int count,
      long pageBytes,
      long ofKey) {
    fills = fill;
    pool = inPool;
    frames = inFrames;
    pageWords = pageBytes / Long.BYTES;
    words = count * pageWords;
    key = ofKey;
    for (int at = 0; at < found.length; at += LINE) {
      found[at] = 0;
      found[at + 1] = 0;
      found[at + 2] = -1;
    }
    if (words < SMALL) {
      part(0, 1);
    } else {
      team.run(part);
    }
  }

  private void part(int member, int members) {
    long end = begin(member + 1, members);
    for (long at = begin(member, members); at < end; ) {
      long page = at / pageWords;
      long inPage = at % pageWords;
      int count = (int) Math.min(BLOCK, Math.min(end - at, pageWords - inPage));
      long base = (frames.getAtIndex(JAVA_INT, page) * pageWords + inPage) * Long.BYTES;
      if (fills) {
        fill(base, at, count);
      } else {
        check(base, at, count, LINE * member);
      }
      at += count;
    }
  }

  private long begin(int member, int members) {
    return Math.min(words, Math.ceilDiv(words, LINE) * member / members * LINE);
  }

  private void fill(long base, long from, int count) {
    MemorySegment to = pool;
    long start = key + from * Words.STEP;
    for (int i = 0; i < count; i++) {
      to.set(JAVA_LONG, base + 8L * i, Words.word(start, i));
    }
  }

  private void check(long base, long from, int count, int at) {
    MemorySegment of = pool;
    long start = key + from * Words.STEP;
    long differs = 0;
    long s0 = 0;
    long s1 = 0;
    for (int i = 0; i < count; i++) {
      long word = of.get(JAVA_LONG, base + 8L * i);
      differs |= word ^ Words.word(start, i);
      s0 += word;
      s1 += i * word;
    }
    found[at] += s0;
    found[at + 1] += 2 * s1 + (2 * from + 1) * s0;
    if (differs != 0 && found[at + 2] < 0) {
      int i = 0;
      while (of.get(JAVA_LONG, base + 8L * i) == Words.word(start, i)) {
        i++;
      }
      found[at + 2] = from + i;
    }
  }

  @Override
  public void close() {
    team.close();
  }
}
