// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Expansions. All of one pattern are of the same length, so where each begins follows from how many
 * matches there are of the patterns before. A thread takes some bytes' worth of them and copies
 * images, as many at a time as a block has, each block from the one before, and then sets what the
 * holes hold. Threads share what the caller has made in {@link #plan}.
 */
final class SynthesisExpander {
  /** Bytes of a block: written, then read and written again in the first-level cache. */
  private static final int BLOCK = 8192;

  /** What an expansion costs beside its bytes, as bytes. */
  private static final int COST = 16;

  private static final int INTEGER_SHIFT = 2;
  private static final ValueLayout.OfLong DIGITS =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment images;
  private final int[] imageStarts;
  private final int[] lengths;
  private final int[] holeStarts;
  private final int[] holes;

  /** Of each pattern: its first match, its first byte, and what all before it cost. */
  private final long[] firstMatch;

  private final long[] firstByte;
  private final long[] cost;

  /** Of each thread: the first child of each match of a block. */
  private final int[][] firstChildren;

  SynthesisExpander(TemplateSet templates, MemorySegment images, int threads) {
    firstChildren = new int[threads][BLOCK];
    this.images = images;
    imageStarts = templates.imageStarts();
    lengths = templates.lengths();
    holeStarts = templates.holeStarts();
    holes = templates.holes();
    firstMatch = new long[lengths.length + 1];
    firstByte = new long[lengths.length + 1];
    cost = new long[lengths.length + 1];
  }

  /**
   * Looks at how many matches there are.
   *
   * @return how many bytes their expansions take
   */
  long plan(MemorySegment starts) {
    for (int p = 0; p < lengths.length; p++) {
      long next = starts.get(JAVA_LONG_UNALIGNED, Long.BYTES * (p + 1L));
      long count = next - firstMatch[p];
      firstMatch[p + 1] = next;
      firstByte[p + 1] = firstByte[p] + count * lengths[p];
      cost[p + 1] = cost[p] + count * (lengths[p] + COST);
    }
    return firstByte[lengths.length];
  }

  /** One thread's part. */
  void part(
      int member,
      int members,
      Forest forest,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text) {
    long end = match(member + 1, members);
    int pattern = 0;
    for (long at = match(member, members); at < end; at = Math.min(end, firstMatch[pattern])) {
      while (firstMatch[pattern + 1] <= at) {
        pattern++;
      }
      long to = Math.min(end, firstMatch[pattern + 1]);
      expand(pattern, at, to, forest, nodes, offsets, text, firstChildren[member]);
      pattern++;
    }
    if (member == members - 1) {
      offsets.set(
          JAVA_LONG_UNALIGNED, Long.BYTES * firstMatch[lengths.length], firstByte[lengths.length]);
    }
  }

  /** Where the part of a member begins; that of the one behind. */
  private long match(int member, int members) {
    if (member == members) {
      return firstMatch[lengths.length];
    }
    long before = cost[lengths.length] / members * member;
    int p = 0;
    while (cost[p + 1] <= before && p < lengths.length - 1) {
      p++;
    }
    return Math.min(firstMatch[p + 1], firstMatch[p] + (before - cost[p]) / (lengths[p] + COST));
  }

  /** Expands some matches of a pattern. */
  private void expand(
      int pattern,
      long from,
      long to,
      Forest forest,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text,
      int[] scratch) {
    int length = lengths[pattern];
    long begin = firstByte[pattern] + (from - firstMatch[pattern]) * length;
    int atOnce = Math.max(1, BLOCK / Math.max(1, length));
    long at = begin;
    for (long match = from; match < to; match += atOnce) {
      int count = (int) Math.min(atOnce, to - match);
      for (int i = 0; i < count; i++) {
        offsets.set(JAVA_LONG_UNALIGNED, Long.BYTES * (match + i), at + (long) i * length);
      }
      if (length > 0) {
        if (match == from) {
          spread(imageStarts[pattern], length, count, text, at);
        } else {
          MemorySegment.copy(text, begin, text, at, (long) count * length);
        }
        fill(pattern, match, count, forest, nodes, text, at, scratch);
      }
      at += (long) count * length;
    }
  }

  /** Copies an image so many times. */
  private void spread(int image, int length, int times, MemorySegment text, long at) {
    MemorySegment.copy(images, image, text, at, length);
    long whole = (long) times * length;
    for (long done = length; done < whole; done += Math.min(done, whole - done)) {
      MemorySegment.copy(text, at, text, at + done, Math.min(done, whole - done));
    }
  }

  /**
   * Sets the holes of so many expansions: what is far away is read in loops of its own, so that
   * many reads are under way at a time.
   */
  private void fill(
      int pattern,
      long match,
      int count,
      Forest forest,
      MemorySegment nodes,
      MemorySegment text,
      long at,
      int[] scratch) {
    MemorySegment symbols = forest.symbol();
    MemorySegment children = forest.firstChild();
    int length = lengths[pattern];
    boolean known = false;
    for (int hole = 2 * holeStarts[pattern]; hole < 2 * holeStarts[pattern + 1]; hole += 2) {
      long place = at + holes[hole];
      int path = holes[hole + 1];
      int level = path & TemplateSet.LEVEL_MASK;
      if (level > 0 && !known) {
        for (int i = 0; i < count; i++) {
          scratch[i] = (int) integer(children, integer(nodes, match + i));
        }
        known = true;
      }
      int child = path >>> TemplateSet.FIRST_CHILD_SHIFT & TemplateSet.CHILD_MASK;
      int grandchild = path >>> TemplateSet.SECOND_CHILD_SHIFT & TemplateSet.CHILD_MASK;
      for (int i = 0; i < count; i++) {
        long bound =
            switch (level) {
              case 0 -> integer(nodes, match + i);
              case 1 -> (long) scratch[i] + child;
              default -> integer(children, (long) scratch[i] + child) + grandchild;
            };
        text.set(DIGITS, place + (long) i * length, digits(integer(symbols, bound)));
      }
    }
  }

  private static long integer(MemorySegment words, long index) {
    return words.get(JAVA_INT_UNALIGNED, index << INTEGER_SHIFT) & 0xFFFFFFFFL;
  }

  /** Eight lower-case hexadecimal digits, the highest in the lowest byte. */
  static long digits(long word) {
    long x = (word & 0xFFFF) << 32 | word >>> 16;
    x = (x & 0x000000FF_000000FFL) << 16 | ((x >>> 8) & 0x000000FF_000000FFL);
    x = (x & 0x000F000F_000F000FL) << 8 | ((x >>> 4) & 0x000F000F_000F000FL);
    long letters = ((x + 0x06060606_06060606L) >>> 4) & 0x01010101_01010101L;
    return x + 0x30303030_30303030L + letters * ('a' - '9' - 1);
  }
}
