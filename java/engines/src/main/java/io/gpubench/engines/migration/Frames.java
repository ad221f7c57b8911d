// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.workloads.migration.MigrationParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The frames of a batch, as a list and as pieces of it, one behind the other. */
final class Frames {
  /** What goes through memory at a time, in bytes, unless a page is larger. */
  private static final long PIECE_BYTES = 16L << 20;

  private final MemorySegment all;
  private final MemorySegment[] pieces;
  private final int pagesOfPiece;
  private final long pageWords;

  Frames(MigrationParameters setting, Arena arena) {
    all = arena.allocate(JAVA_INT, setting.pages());
    pagesOfPiece = pagesOfPiece(setting);
    pageWords = setting.pageWords();
    pieces = new MemorySegment[Math.ceilDiv(setting.pages(), pagesOfPiece)];
    for (int i = 0; i < pieces.length; i++) {
      int first = i * pagesOfPiece;
      int count = Math.min(pagesOfPiece, setting.pages() - first);
      pieces[i] = all.asSlice((long) Integer.BYTES * first, (long) Integer.BYTES * count);
    }
  }

  /** Pages of all pieces but the last one, which may have fewer. */
  static int pagesOfPiece(MigrationParameters setting) {
    return Math.clamp(PIECE_BYTES / setting.pageBytes(), 1, setting.pages());
  }

  MemorySegment all() {
    return all;
  }

  int pieces() {
    return pieces.length;
  }

  MemorySegment piece(int i) {
    return pieces[i];
  }

  /** Pages of a piece. */
  int count(int i) {
    return (int) (pieces[i].byteSize() / Integer.BYTES);
  }

  /** The number of the first word of a piece in the batch. */
  long firstWord(int i) {
    return (long) i * pagesOfPiece * pageWords;
  }
}
