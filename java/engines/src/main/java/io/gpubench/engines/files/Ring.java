// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An io_uring of the host library, for pages of one size. Calls may come from any thread, one at a
 * time; {@link #move} allocates nothing unless it fails.
 */
public final class Ring implements AutoCloseable {
  /** Requests under way where nobody chooses. */
  static final int USUAL_DEPTH = 64;

  /** The most bytes of a request where nobody chooses. */
  static final long USUAL_IO_BYTES = 1 << 20;

  /** What a request's size is a multiple of. */
  private static final long UNIT = 4096;

  private final int depth;
  private final long ioBytes;
  private final MemorySegment handle;
  private long effectiveDepth;
  private long effectiveIoBytes;
  private boolean filesRegistered = true;
  private boolean memoryRegistered = true;

  /**
   * Sets one up.
   *
   * @param order of the files that it is for
   * @throws EngineException of kind {@code ABSENT} when there is no io_uring to be had
   */
  public Ring(PageFile.Order order) {
    depth = order.depth() == 0 ? USUAL_DEPTH : order.depth();
    ioBytes = order.ioBytes() == 0 ? USUAL_IO_BYTES : Math.max(order.ioBytes() / UNIT, 1) * UNIT;
    effectiveDepth = depth;
    effectiveIoBytes = ioBytes;
    try (var arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment error = arena.allocate(ValueLayout.JAVA_INT);
      int code = Host.gpubench_ring_create(depth, ioBytes, order.pageBytes(), place, error);
      if (code == Host.GPUBENCH_HOST_ERROR_RING()) {
        throw new EngineException(
            EngineException.Kind.ABSENT,
            "no io_uring here: " + Errno.text(error.get(ValueLayout.JAVA_INT, 0)),
            "use another path, or allow it (sysctl kernel.io_uring_disabled=0, or a container's seccomp profile)",
            null);
      }
      if (code != Host.GPUBENCH_HOST_OK()) {
        throw new EngineException(
            "io_uring of %d requests of %d bytes: no memory".formatted(depth, ioBytes));
      }
      handle = place.get(ValueLayout.ADDRESS, 0);
    }
  }

  /**
   * Makes a file known, which stays open as long as the ring.
   *
   * @throws EngineException when its requests cannot be of the size that was chosen
   */
  void add(NativeFile file) {
    if (ioBytes % file.granularity() != 0) {
      throw FolderFacts.failure(
          file.folder(),
          "ioBytes=%d is not a multiple of %d".formatted(ioBytes, file.granularity()));
    }
    filesRegistered &= Host.gpubench_ring_add_file(handle, file.handle()) == 1;
  }

  /** Makes a pool in memory known, which stays where it is as long as the ring. */
  void add(MemorySegment pool) {
    memoryRegistered &= Host.gpubench_ring_add_memory(handle, pool, pool.byteSize()) == 1;
  }

  /**
   * By way of this memory go pages from file to file. Requests under way share it, so that it may
   * be less than their number times their size.
   *
   * @param staging from a multiple of 4096 bytes on, at least so many; stays as long as the ring
   */
  public void stage(MemorySegment staging) {
    memoryRegistered &= Host.gpubench_ring_add_staging(handle, staging, staging.byteSize()) == 1;
    long share = staging.byteSize() / depth / UNIT * UNIT; // as the library divides it
    effectiveIoBytes = Math.clamp(share, UNIT, ioBytes);
    effectiveDepth = Math.min(depth, staging.byteSize() / effectiveIoBytes);
  }

  /**
   * Moves batches, all at the same time.
   *
   * @throws EngineException when the system fails, with the folder
   */
  public void move(PageBatches pages) {
    pages.check(Host.gpubench_ring_move(handle, pages.count(), pages.array(), pages.failure()));
  }

  /** For the record: what is in effect where staging memory is less than was asked for. */
  Map<String, Object> description() {
    var map = new LinkedHashMap<String, Object>();
    map.put("io", "io_uring");
    map.put("depth", effectiveDepth);
    map.put("ioBytes", effectiveIoBytes);
    map.put("registeredFiles", filesRegistered);
    map.put("registeredMemory", memoryRegistered);
    return map;
  }

  @Override
  public void close() {
    Host.gpubench_ring_destroy(handle);
  }
}
