// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * A pool of frames of one size in a file that has no name: it is gone when it is closed, or when
 * its process ends, however that ends. Frame f lies at f * pageBytes. All of it was written once
 * when it was opened, so that its room is taken and a later write changes nothing but data.
 *
 * <p>A page is moved between a frame of the file and a frame of a pool in memory. A pool is native
 * memory that begins at a multiple of {@value #ALIGNMENT} bytes and holds whole frames of the same
 * size, from its beginning; what lies behind the last one is left alone. Lists of frames are native
 * arrays of unsigned 32-bit integers.
 *
 * <p>Calls may come from any thread, one at a time. {@link #read}, {@link #write} and {@link #sync}
 * allocate nothing unless they fail.
 */
public interface PageFile extends AutoCloseable {
  /** Bytes at whose multiples pools in memory begin. */
  int ALIGNMENT = 4096;

  /** {@link #access}: past the page cache, to the device that the file system lies on. */
  String DIRECT = "direct";

  /** {@link #access}: by the page cache of the system, since the file system refuses else. */
  String PAGE_CACHE = "page cache";

  /** {@link #access}: the file system itself lies in memory. */
  String MEMORY = "memory";

  /** Size of a frame in bytes. */
  long pageBytes();

  /** Number of frames. */
  int frames();

  /**
   * Makes a pool in memory known, once, before the first page is moved between it and the file. It
   * stays valid until the file is closed.
   *
   * @throws io.gpubench.measure.EngineException when it cannot be used for this
   */
  void attach(MemorySegment pool);

  /**
   * Reads pages: frame {@code memoryFrames[i]} of the pool gets what frame {@code fileFrames[i]}
   * holds, for all i in 0 .. count - 1, in any order, and all at once where possible. Returns when
   * all of it is there.
   *
   * @param count at least 0
   * @param pool one that was {@link #attach}ed
   * @param memoryFrames all different
   * @throws io.gpubench.measure.EngineException when the system fails, with the folder
   */
  void read(int count, MemorySegment fileFrames, MemorySegment pool, MemorySegment memoryFrames);

  /**
   * Writes pages: frame {@code fileFrames[i]} gets what frame {@code memoryFrames[i]} of the pool
   * holds, likewise. Returns when the file system has taken all of it: where {@link #access} is
   * {@value #DIRECT} the drive has it then, perhaps in a cache that forgets without power.
   *
   * @param fileFrames all different
   * @throws io.gpubench.measure.EngineException when the system fails, with the folder
   */
  void write(int count, MemorySegment fileFrames, MemorySegment pool, MemorySegment memoryFrames);

  /**
   * Returns when everything written is where it survives a loss of power ({@code fdatasync}).
   *
   * @throws io.gpubench.measure.EngineException when the system fails
   */
  void sync();

  /** Called before each sample, last of all: threads that sleep may wake up. Not timed. */
  default void wake() {}

  /** {@value #DIRECT}, {@value #PAGE_CACHE} or {@value #MEMORY}. */
  String access();

  /**
   * What it is, for the record: {@code access}, {@code fileSystem}, {@code folder} (its real path),
   * {@code granularity} (bytes of whose multiples frames consist), {@code io} (what moves the
   * pages) and what was chosen for that.
   */
  Map<String, Object> description();

  /** Frees the file. */
  @Override
  void close();

  /**
   * How to open one.
   *
   * @param folder an existing folder, as a user wrote it
   * @param pageBytes size of a frame, a multiple of 8, at least 8
   * @param frames at least 1
   * @param threads so many may work on a call, at least 1
   * @param depth requests that may be under way at once; 0 for its own choice
   * @param ioBytes the most bytes of a single request; 0 for its own choice
   */
  record Order(String folder, long pageBytes, int frames, int threads, int depth, long ioBytes) {
    /** What it takes, in bytes. */
    public long bytes() {
      return Math.multiplyExact(pageBytes, frames);
    }
  }
}
