// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.engines.processors.SpinTeam;
import java.lang.foreign.MemorySegment;

/** The end in memory of the host, whose pages threads copy, each an equal part of the bytes. */
final class StagingMemoryEnd implements StagingEnd {
  /** Below so many bytes a second thread costs more than it brings. */
  private static final long SMALL = 64L << 10;

  /** No two threads write to the same line of a cache. */
  private static final long LINE = 64;

  private final SpinTeam team;
  private final SpinTeam.Task part = this::part;
  private final MemorySegment pool;
  private final PieceList list;
  private final StagingSlots slots;
  private final StagingShape shape;

  // what the current call is about; the team publishes it
  private boolean loads;
  private MemorySegment frames = MemorySegment.NULL;
  private long slotOffset;
  private long bytes;

  /**
   * An end.
   *
   * @param team somebody else's
   * @param pool for any thread
   */
  StagingMemoryEnd(
      SpinTeam team, MemorySegment pool, PieceList list, StagingSlots slots, StagingShape shape) {
    this.team = team;
    this.pool = pool;
    this.list = list;
    this.slots = slots;
    this.shape = shape;
  }

  @Override
  public boolean blocks() {
    return true;
  }

  @Override
  public void load(int chunk, int slot) {
    run(true, chunk, slot);
  }

  @Override
  public void store(int chunk, int slot) {
    run(false, chunk, slot);
  }

  private void run(boolean load, int chunk, int slot) {
    loads = load;
    frames = list.chunk(chunk).host();
    slotOffset = slots.offset(slot);
    bytes = shape.count(chunk) * shape.pieceBytes();
    if (bytes < SMALL) {
      part(0, 1);
    } else {
      team.run(part);
    }
  }

  private void part(int member, int members) {
    long pieceBytes = shape.pieceBytes();
    long end = begin(member + 1, members);
    for (long at = begin(member, members); at < end; ) {
      long piece = at / pieceBytes;
      long within = at % pieceBytes;
      long count = Math.min(end - at, pieceBytes - within);
      long inPool = frames.getAtIndex(JAVA_INT, piece) * pieceBytes + within;
      if (loads) {
        MemorySegment.copy(pool, inPool, slots.all(), slotOffset + at, count);
      } else {
        MemorySegment.copy(slots.all(), slotOffset + at, pool, inPool, count);
      }
      at += count;
    }
  }

  private long begin(int member, int members) {
    return Math.min(bytes, Math.ceilDiv(bytes, LINE) * member / members * LINE);
  }

  @Override
  public boolean done(int slot) {
    return true;
  }

  @Override
  public void await() {}

  @Override
  public void close() {}
}
