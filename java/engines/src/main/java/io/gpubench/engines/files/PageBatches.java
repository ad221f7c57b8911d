// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.ffi.host.Host;
import io.gpubench.ffi.host.gpubench_move_failure;
import io.gpubench.ffi.host.gpubench_page_batch;
import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Batches of pages as the host library takes them, to be moved by one call. Allocates nothing once
 * created; used by one thread at a time.
 */
public final class PageBatches {
  private final MemorySegment batches;
  private final MemorySegment[] each;
  private final MemorySegment failure;
  private final @Nullable NativeFile[] from;
  private final @Nullable NativeFile[] to;

  /**
   * Batches of no pages.
   *
   * @param arena how long the library may look at them
   * @param count at least 1
   */
  public PageBatches(Arena arena, int count) {
    batches = gpubench_page_batch.allocateArray(count, arena);
    failure = gpubench_move_failure.allocate(arena);
    each = new MemorySegment[count];
    for (int i = 0; i < count; i++) {
      each[i] = gpubench_page_batch.asSlice(batches, i);
    }
    from = new NativeFile[count];
    to = new NativeFile[count];
  }

  /** How many there are. */
  public int count() {
    return each.length;
  }

  /** What the library takes as the array of them. */
  public MemorySegment array() {
    return batches;
  }

  /** Where the library says what failed. */
  MemorySegment failure() {
    return failure;
  }

  /** A batch is to have so many pages. */
  public void set(int batch, int pages) {
    gpubench_page_batch.count(each[batch], pages);
  }

  /** A batch comes from a pool in memory, out of these frames. */
  public void fromMemory(int batch, MemorySegment pool, MemorySegment frames) {
    from[batch] = null;
    gpubench_page_batch.from(each[batch], pool);
    gpubench_page_batch.from_file(each[batch], MemorySegment.NULL);
    gpubench_page_batch.from_frames(each[batch], frames);
  }

  /** A batch comes from a file. */
  public void fromFile(int batch, NativeFile file, MemorySegment frames) {
    from[batch] = file;
    gpubench_page_batch.from(each[batch], MemorySegment.NULL);
    gpubench_page_batch.from_file(each[batch], file.handle());
    gpubench_page_batch.from_frames(each[batch], frames);
  }

  /** A batch goes to a pool in memory, into these frames. */
  public void toMemory(int batch, MemorySegment pool, MemorySegment frames) {
    to[batch] = null;
    gpubench_page_batch.to(each[batch], pool);
    gpubench_page_batch.to_file(each[batch], MemorySegment.NULL);
    gpubench_page_batch.to_frames(each[batch], frames);
  }

  /** A batch goes to a file. */
  public void toFile(int batch, NativeFile file, MemorySegment frames) {
    to[batch] = file;
    gpubench_page_batch.to(each[batch], MemorySegment.NULL);
    gpubench_page_batch.to_file(each[batch], file.handle());
    gpubench_page_batch.to_frames(each[batch], frames);
  }

  /**
   * Moves them by positional reads and writes, shared by the threads of a pool of the library.
   *
   * @param pool what the library knows it by
   * @param staging for pages from file to file, shared by the threads: at least 4096 bytes, and the
   *     granularity of the files, for each; else without bytes
   * @throws EngineException when the system fails, with the folder
   */
  public void move(MemorySegment pool, long pageBytes, MemorySegment staging) {
    MemorySegment room = staging.byteSize() == 0 ? MemorySegment.NULL : staging;
    check(
        Host.gpubench_files_move(
            pool, count(), batches, pageBytes, room, staging.byteSize(), failure));
  }

  /** Says what failed, if anything has. */
  void check(int code) {
    if (code == Host.GPUBENCH_HOST_OK()) {
      return;
    }
    if (code != Host.GPUBENCH_HOST_ERROR_SYSTEM()) {
      throw new IllegalStateException("the host library refuses to move pages: code " + code);
    }
    int batch = gpubench_move_failure.batch(failure);
    boolean writing = gpubench_move_failure.writing(failure) != 0;
    NativeFile file = writing ? to[batch] : from[batch];
    throw FolderFacts.failure(
        file == null ? "?" : file.folder(),
        "%s page %d: %s"
            .formatted(
                writing ? "writing" : "reading",
                gpubench_move_failure.page(failure),
                Errno.text(gpubench_move_failure.error(failure))));
  }
}
