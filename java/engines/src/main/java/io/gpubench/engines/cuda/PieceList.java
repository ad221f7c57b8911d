// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.workloads.migration.PagePool;
import java.lang.foreign.MemorySegment;

/**
 * Where the pieces of a batch lie in a pool: the frames that it has there, as all see them, and as
 * lists of each chunk. Taking and giving back allocates nothing. Owns its memory; confined to the
 * context's thread, except that any thread may read.
 */
final class PieceList implements AutoCloseable {
  private final Closer closer = new Closer();
  private final StagingShape shape;
  private final MemorySegment pages;
  private final FrameList all;
  private final FrameList[] chunks;

  PieceList(CudaContext context, StagingShape shape) {
    this.shape = shape;
    try {
      MappedBuffer memory =
          closer.closes(context.allocateMapped((long) shape.pieces() * Integer.BYTES));
      MemorySegment host = memory.segmentForAll();
      DeviceMemory device = memory.onDevice();
      all = new FrameList(host, device);
      chunks = new FrameList[shape.chunks()];
      for (int i = 0; i < chunks.length; i++) {
        long offset = (long) i * shape.chunkPieces() * Integer.BYTES;
        long bytes = (long) shape.count(i) * Integer.BYTES;
        chunks[i] = new FrameList(host.asSlice(offset, bytes), device.slice(offset, bytes));
      }
      if (shape.parts() == 1) {
        pages = host;
      } else {
        PinnedBuffer ofPages =
            closer.closes(context.allocatePinned((long) shape.pages() * Integer.BYTES));
        pages = ofPages.segment();
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Takes frames for all pages. */
  void take(PagePool pool) {
    pool.take(shape.pages(), pages);
    int parts = shape.parts();
    if (parts == 1) {
      return;
    }
    MemorySegment pieces = all.host();
    for (int page = 0; page < shape.pages(); page++) {
      int first = pages.getAtIndex(JAVA_INT, page) * parts;
      for (int part = 0; part < parts; part++) {
        pieces.setAtIndex(JAVA_INT, (long) page * parts + part, first + part);
      }
    }
  }

  /** Gives them back. */
  void give(PagePool pool) {
    pool.give(shape.pages(), pages);
  }

  /** Of all pieces. */
  FrameList all() {
    return all;
  }

  /** Of the pieces of a chunk. */
  FrameList chunk(int chunk) {
    return chunks[chunk];
  }

  @Override
  public void close() {
    closer.close();
  }
}
