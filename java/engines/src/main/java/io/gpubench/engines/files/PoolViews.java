// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A pool in memory as a channel takes it: a buffer for each piece of each frame, made in advance.
 * Two threads must not move the same piece of the same frame at the same time.
 */
public final class PoolViews {
  private final MemorySegment pool;
  private final int pieces;
  private final ByteBuffer[] views;

  /** Of all whole frames. */
  PoolViews(MemorySegment pool, long pageBytes, long pieceBytes) {
    this.pool = pool;
    pieces = (int) Math.ceilDiv(pageBytes, pieceBytes);
    int frames = Math.toIntExact(pool.byteSize() / pageBytes);
    views = new ByteBuffer[Math.multiplyExact(frames, pieces)];
    for (int frame = 0; frame < frames; frame++) {
      MemorySegment page = pool.asSlice(frame * pageBytes, pageBytes);
      for (int piece = 0; piece < pieces; piece++) {
        long begin = piece * pieceBytes;
        long bytes = Math.min(pieceBytes, pageBytes - begin);
        views[frame * pieces + piece] = page.asSlice(begin, bytes).asByteBuffer();
      }
    }
  }

  /** Whether it is of this pool. */
  boolean isOf(MemorySegment other) {
    return pool.address() == other.address() && pool.byteSize() == other.byteSize();
  }

  /** All of a piece, from its beginning: the same object each time. */
  public ByteBuffer piece(int frame, int piece) {
    return views[frame * pieces + piece].clear();
  }
}
