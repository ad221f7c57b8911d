// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.migration.PageWords;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A pool in memory of the host, looked at by the processors. */
final class StagedMemoryTier implements StagedTier {
  /** Bytes behind the pool that nothing may touch. */
  static final long GUARD_BYTES = 64;

  private final AutoCloseable owned;
  private final MemorySegment pool;
  private final MemorySegment guard;
  private final StagingShape shape;
  private final PageWords words;
  private final SpinTeam team;
  private boolean guarded = true;
  private long guardWord;

  /**
   * A tier.
   *
   * @param owned the memory, which is closed with it
   * @param all the frames, and {@link #GUARD_BYTES} behind them, for any thread
   * @param words somebody else's
   * @param team somebody else's, for what is timed
   */
  StagedMemoryTier(
      AutoCloseable owned, MemorySegment all, StagingShape shape, PageWords words, SpinTeam team) {
    this.owned = owned;
    pool = all.asSlice(0, all.byteSize() - GUARD_BYTES);
    guard = all.asSlice(pool.byteSize());
    this.shape = shape;
    this.words = words;
    this.team = team;
  }

  @Override
  public void begin(long sample) {
    guardWord = Words.mix64(~sample);
    for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
      guard.set(JAVA_LONG, at, guardWord);
    }
  }

  private boolean guardHolds() {
    boolean holds = true;
    for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
      holds &= guard.get(JAVA_LONG, at) == guardWord;
    }
    return holds;
  }

  @Override
  public void fill(PieceList list, long key) {
    words.fill(pool, list.all().host(), shape.pieces(), shape.pieceBytes(), key, 0);
  }

  @Override
  public boolean check(PieceList list, long key) {
    guarded = guardHolds();
    return words.check(pool, list.all().host(), shape.pieces(), shape.pieceBytes(), key, 0)
        && guarded;
  }

  @Override
  public String wrong(PieceList list, long key) {
    if (!guarded) {
      return "bytes behind the pool have changed, expected none";
    }
    long first = words.firstWrong();
    long pageWords = shape.pieceWords() * shape.parts();
    long frame = list.all().frame((int) (first / shape.pieceWords())) & 0xFFFFFFFFL;
    return "word %d of page %d is %016x, expected %016x"
        .formatted(
            first % pageWords,
            first / pageWords,
            pool.getAtIndex(JAVA_LONG, frame * shape.pieceWords() + first % shape.pieceWords()),
            Words.word(key, first));
  }

  @Override
  public long sum(int which) {
    return which == 0 ? words.s0() : words.s1();
  }

  /** The frames, for any thread. */
  MemorySegment pool() {
    return pool;
  }

  @Override
  public StagingEnd end(PieceList list, StagingSlots slots) {
    return new StagingMemoryEnd(team, pool, list, slots, shape);
  }

  @Override
  public Map<String, Object> description() {
    return Map.of();
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("memory throws no checked exceptions", e);
    }
  }
}
