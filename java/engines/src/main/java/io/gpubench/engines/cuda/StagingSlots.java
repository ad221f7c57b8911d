// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;

/**
 * Page-locked memory of the host through which one batch goes, chunk by chunk: slots that the copy
 * engine, processors and files use. Seen as a pool of pieces, those of slot s are the frames from
 * {@code s * chunkPieces} on. Owns its memory; closed by the context's thread, and used by any.
 */
final class StagingSlots implements AutoCloseable {
  private final Closer closer = new Closer();
  private final StagingShape shape;
  private final MemorySegment all;
  private final MemorySegment[] full;
  private final MemorySegment[] last;
  private final MemorySegment[] frames;
  private MemorySegment[] pieces = {};

  StagingSlots(CudaContext context, StagingShape shape) {
    this.shape = shape;
    int slots = shape.slots();
    full = new MemorySegment[slots];
    last = new MemorySegment[slots];
    frames = new MemorySegment[slots];
    int pieceCount = slots * shape.chunkPieces();
    try {
      PinnedBuffer memory = closer.closes(context.allocatePinned(slots * shape.slotBytes()));
      all = memory.segmentForAll();
      PinnedBuffer lists = closer.closes(context.allocatePinned((long) pieceCount * Integer.BYTES));
      MemorySegment numbers = lists.segmentForAll();
      for (int i = 0; i < pieceCount; i++) {
        numbers.setAtIndex(JAVA_INT, i, i);
      }
      long lastBytes = shape.count(shape.chunks() - 1) * shape.pieceBytes();
      long listBytes = (long) shape.chunkPieces() * Integer.BYTES;
      for (int slot = 0; slot < slots; slot++) {
        full[slot] = all.asSlice(offset(slot), shape.slotBytes());
        last[slot] = all.asSlice(offset(slot), lastBytes);
        frames[slot] = numbers.asSlice(slot * listBytes, listBytes);
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Prepares {@link #piece}. */
  void separatePieces() {
    if (pieces.length == 0) {
      pieces = new MemorySegment[shape.slots() * shape.chunkPieces()];
      for (int i = 0; i < pieces.length; i++) {
        pieces[i] = all.asSlice(i * shape.pieceBytes(), shape.pieceBytes());
      }
    }
  }

  /** Overwrites all slots with what no page of a sample is, so that nothing old passes for new. */
  void scribble(long sample) {
    all.fill(scribbled(sample));
  }

  /** Likewise what a chunk fills of a slot. */
  void scribble(int slot, int chunk, long sample) {
    chunk(slot, chunk).fill(scribbled(sample));
  }

  private static byte scribbled(long sample) {
    return (byte) Words.mix64(sample);
  }

  /** All slots, one behind the other. */
  MemorySegment all() {
    return all;
  }

  /** Where a slot begins, in bytes. */
  long offset(int slot) {
    return slot * shape.slotBytes();
  }

  /** What a chunk fills of a slot. */
  MemorySegment chunk(int slot, int chunk) {
    return (chunk == shape.chunks() - 1 ? last : full)[slot];
  }

  /** A piece of a slot; after {@link #separatePieces}. */
  MemorySegment piece(int slot, int index) {
    return pieces[slot * shape.chunkPieces() + index];
  }

  /** The frames of the pieces of a slot, in {@link #all}. */
  MemorySegment frames(int slot) {
    return frames[slot];
  }

  @Override
  public void close() {
    closer.close();
  }
}
