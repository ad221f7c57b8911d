// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Which patterns match where, ordered by pattern and node. Holds memory of somebody else.
 *
 * @param starts 64 bits: the first entry of each pattern, and behind them how many there are
 * @param nodes 32 bits, unsigned: the node of each entry
 */
public record MatchList(MemorySegment starts, MemorySegment nodes) {
  private static final long LOW_HALF = 0xFFFFFFFFL;

  /** How many there are. */
  public long matches() {
    return nodes.byteSize() / Integer.BYTES;
  }

  public int patterns() {
    return (int) (starts.byteSize() / Long.BYTES) - 1;
  }

  /** The first entry of a pattern; {@link #matches} for the one behind the last. */
  public long startAt(int pattern) {
    return starts.get(JAVA_LONG_UNALIGNED, pattern * (long) Long.BYTES);
  }

  public long nodeAt(long entry) {
    return nodes.get(JAVA_INT_UNALIGNED, entry * Integer.BYTES) & LOW_HALF;
  }
}
