// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.ffi.host.Host;
import io.gpubench.ffi.host.gpubench_file_facts;
import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pages in a file of the host library, whoever moves them. */
public abstract sealed class NativeFile implements PageFile permits PreadFile, RingFile {
  private final Arena arena = Arena.ofShared(); // any thread may call
  private final PageBatches batch = new PageBatches(arena, 1);
  private final MemorySegment error = arena.allocate(ValueLayout.JAVA_INT);
  private final FolderFacts folder;
  private final Order order;
  private final MemorySegment handle;
  private final String access;
  private final long granularity;
  private boolean forgotten;

  /**
   * Makes the file.
   *
   * @throws EngineException as {@link PageFiles#open}
   */
  NativeFile(Order order) {
    this.order = order;
    try {
      folder = FolderFacts.of(order.folder());
      folder.checkRoom(order.bytes(), "");
      MemorySegment facts = gpubench_file_facts.allocate(arena);
      MemorySegment made = arena.allocate(ValueLayout.ADDRESS);
      int code =
          Host.gpubench_file_create(
              arena.allocateFrom(folder.folder().toString()),
              order.bytes(),
              order.pageBytes(),
              facts,
              made);
      if (code != Host.GPUBENCH_HOST_OK()) {
        throw refused(code, facts);
      }
      handle = made.get(ValueLayout.ADDRESS, 0);
      access = access(gpubench_file_facts.access(facts));
      granularity = gpubench_file_facts.granularity(facts);
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  private static String access(int code) {
    if (code == Host.GPUBENCH_ACCESS_DIRECT()) {
      return DIRECT;
    }
    return code == Host.GPUBENCH_ACCESS_MEMORY() ? MEMORY : PAGE_CACHE;
  }

  private EngineException refused(int code, MemorySegment facts) {
    if (code != Host.GPUBENCH_HOST_ERROR_SYSTEM()) {
      return FolderFacts.failure(order.folder(), "no memory to make a file");
    }
    int step = gpubench_file_facts.step(facts);
    int error = gpubench_file_facts.error(facts);
    if (step == Host.GPUBENCH_FILE_PAGES()) {
      folder.checkGranularity(order.pageBytes(), (int) gpubench_file_facts.granularity(facts));
    }
    String why = Errno.text(error);
    if (Errno.isLackOfRoom(error)) {
      why =
          "no room for the pool of %d bytes, of %d that were free: %s"
              .formatted(order.bytes(), gpubench_file_facts.free_bytes(facts), why);
    } else if (step != Host.GPUBENCH_FILE_FOLDER()) {
      why = "the pool of %d bytes cannot be made there: %s".formatted(order.bytes(), why);
    }
    return FolderFacts.failure(order.folder(), why);
  }

  /** What the library knows it by, until it is closed. */
  public final MemorySegment handle() {
    return handle;
  }

  /** Bytes of whose multiples requests consist. */
  public final long granularity() {
    return granularity;
  }

  /** As the user wrote it. */
  public final String folder() {
    return order.folder();
  }

  /** Has what it lists moved. */
  abstract void move(PageBatches pages);

  /** What moves the pages, for the record. */
  abstract Map<String, Object> means();

  @Override
  public final long pageBytes() {
    return order.pageBytes();
  }

  @Override
  public final int frames() {
    return order.frames();
  }

  @Override
  public void attach(MemorySegment pool) {
    if (!pool.isNative() || pool.address() % ALIGNMENT != 0) {
      throw new IllegalArgumentException("a pool that does not begin at " + ALIGNMENT + " bytes");
    }
  }

  @Override
  public final void read(
      int count, MemorySegment fileFrames, MemorySegment pool, MemorySegment memoryFrames) {
    batch.set(0, count);
    batch.fromFile(0, this, fileFrames);
    batch.toMemory(0, pool, memoryFrames);
    move(batch);
  }

  @Override
  public final void write(
      int count, MemorySegment fileFrames, MemorySegment pool, MemorySegment memoryFrames) {
    batch.set(0, count);
    batch.fromMemory(0, pool, memoryFrames);
    batch.toFile(0, this, fileFrames);
    move(batch);
  }

  @Override
  public final void sync() {
    check(Host.gpubench_file_sync(handle, error));
  }

  /** Says that {@link #forget} is called before each sample. */
  public final void willBeForgotten() {
    forgotten = true;
  }

  /**
   * Has the system forget what its page cache holds of the file, so that it is read from where it
   * lies: of use where {@link #access} is {@value #PAGE_CACHE}. Not timed.
   *
   * @throws EngineException when the system fails
   */
  public final void forget() {
    check(Host.gpubench_file_forget(handle, error));
  }

  private void check(int code) {
    if (code != Host.GPUBENCH_HOST_OK()) {
      throw FolderFacts.failure(
          order.folder(), "fdatasync: " + Errno.text(error.get(ValueLayout.JAVA_INT, 0)));
    }
  }

  @Override
  public final String access() {
    return access;
  }

  @Override
  public final Map<String, Object> description() {
    var map = new LinkedHashMap<String, Object>();
    map.put("access", access);
    map.put("fileSystem", folder.fileSystem());
    map.put("folder", folder.folder().toString());
    map.put("granularity", granularity);
    if (access.equals(PAGE_CACHE)) {
      map.put("pageCache", forgotten ? "forgotten" : "kept");
    }
    map.putAll(means());
    return map;
  }

  @Override
  public void close() {
    closeFile();
  }

  final void closeFile() {
    Host.gpubench_file_destroy(handle);
    arena.close();
  }
}
