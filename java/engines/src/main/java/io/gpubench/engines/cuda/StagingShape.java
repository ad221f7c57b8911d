// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.workloads.migration.MigrationParameters;

/**
 * What goes through staging memory at a time. A page that is larger than a chunk is moved in equal
 * pieces: to everything here a batch is {@code pages * parts} pieces of {@code pieceBytes}, in the
 * same order, and frame f of a pool is the pieces {@code f * parts} and those that follow.
 *
 * @param pages of a batch
 * @param parts of a page; 1 where a page fits in a chunk
 * @param pieceBytes size of a part
 * @param chunkPieces pieces of a chunk; the last chunk may have fewer
 * @param slots chunks that are under way
 */
record StagingShape(int pages, int parts, long pieceBytes, int chunkPieces, int slots) {
  /** Smaller parts of a large page cost more than they bring. */
  private static final long LEAST_PART = 64L << 10;

  /**
   * The shape for a migration.
   *
   * @param chunkBytes at most so much at a time, if a page has such parts
   * @param granularity a part of a page is a multiple of it, in bytes
   */
  static StagingShape of(
      MigrationParameters setting, long chunkBytes, int slots, long granularity) {
    int parts = parts(setting.pageBytes(), chunkBytes, granularity);
    long pieceBytes = setting.pageBytes() / parts;
    int pieces = Math.multiplyExact(setting.pages(), parts);
    int chunkPieces = Math.clamp(chunkBytes / pieceBytes, 1, pieces);
    int chunks = Math.ceilDiv(pieces, chunkPieces);
    return new StagingShape(
        setting.pages(), parts, pieceBytes, chunkPieces, Math.min(slots, Math.max(2, chunks)));
  }

  /** The least number of equal parts that fit; 1 where there are none. */
  private static int parts(long pageBytes, long chunkBytes, long granularity) {
    long most = pageBytes / Math.max(granularity, Math.min(LEAST_PART, chunkBytes));
    for (long parts = Math.ceilDiv(pageBytes, chunkBytes); parts <= most; parts++) {
      if (pageBytes % parts == 0 && pageBytes / parts % granularity == 0) {
        return (int) parts;
      }
    }
    return 1;
  }

  /** Of a batch. */
  int pieces() {
    return pages * parts;
  }

  /** 64-bit words of a piece. */
  long pieceWords() {
    return pieceBytes / Long.BYTES;
  }

  /** Of a batch. */
  int chunks() {
    return Math.ceilDiv(pieces(), chunkPieces);
  }

  /** Pieces of a chunk. */
  int count(int chunk) {
    return Math.min(chunkPieces, pieces() - chunk * chunkPieces);
  }

  /** The number of the first word of a chunk in its batch. */
  long firstWord(int chunk) {
    return chunk * (chunkPieces * pieceWords());
  }

  /** Of all slots, of one way. */
  long stagingBytes() {
    return slots * slotBytes();
  }

  /** Of a slot. */
  long slotBytes() {
    return chunkPieces * pieceBytes;
  }
}
