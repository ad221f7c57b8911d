// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.files.LockedMemory;
import io.gpubench.engines.files.NativeFile;
import io.gpubench.engines.files.PageBatches;
import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.files.PreadFile;
import io.gpubench.engines.files.Ring;
import io.gpubench.engines.files.RingFile;
import io.gpubench.engines.migration.MigrationKernels;
import io.gpubench.engines.migration.MigrationMove;
import io.gpubench.engines.migration.PageStore;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Migration in C: one call for all pages of a sample. In memory the threads of a pool share them;
 * of files either these threads, a call for each page, or one thread has an io_uring move all of
 * them.
 */
final class HostMigrationKernels extends HostKernels implements MigrationKernels {
  /** What pages from file to file may take of memory on their way, unless a page is larger. */
  private static final long STAGED_BYTES = 16L << 20;

  /** What they take at a time, of a thread. */
  private static final long STAGED_PIECE = 1 << 20;

  private static final long STAGING_ALIGNMENT = 4096;

  private final boolean byRing;
  private final List<NativeFile> files = new ArrayList<>();
  private final List<NativeFile> cachedSources = new ArrayList<>();
  private @Nullable Ring ring;
  private @Nullable PageBatches batches;
  private MemorySegment staging = MemorySegment.NULL;
  private long pageBytes;
  private boolean withFile;

  /**
   * Starts the threads.
   *
   * @param byRing whether an io_uring moves pages of files, else the threads
   */
  HostMigrationKernels(boolean byRing, int threads, Simd simd) {
    super(threads, simd);
    this.byRing = byRing;
  }

  @Override
  public MemorySegment allocate(long bytes, boolean locked) {
    MemorySegment allocated = allocate(bytes);
    if (locked) {
      LockedMemory.lock(allocated); // until it is released
    }
    return allocated;
  }

  @Override
  public PageFile open(PageFile.Order order) {
    if (byRing && ring == null) {
      ring = new Ring(order);
    }
    NativeFile file =
        ring == null ? new PreadFile(order, pool.handle()) : RingFile.open(order, ring);
    files.add(file);
    return file;
  }

  @Override
  public void plan(List<MigrationMove> moves) {
    var planned = new PageBatches(arena, moves.size());
    for (int i = 0; i < moves.size(); i++) {
      MigrationMove move = moves.get(i);
      planned.set(i, move.pages());
      switch (move.source()) {
        case PageStore.InMemory(MemorySegment memory) ->
            planned.fromMemory(i, memory, move.sourceFrames());
        case PageStore.InFile(PageFile file) -> {
          var source = (NativeFile) file;
          planned.fromFile(i, source, move.sourceFrames());
          if (file.access().equals(PageFile.PAGE_CACHE)) {
            source.willBeForgotten();
            cachedSources.add(source);
          }
        }
      }
      switch (move.target()) {
        case PageStore.InMemory(MemorySegment memory) ->
            planned.toMemory(i, memory, move.targetFrames());
        case PageStore.InFile(PageFile file) ->
            planned.toFile(i, (NativeFile) file, move.targetFrames());
      }
      withFile |= move.withFile();
    }
    pageBytes = moves.getFirst().pageBytes();
    if (moves.getFirst().source() instanceof PageStore.InFile
        && moves.getFirst().target() instanceof PageStore.InFile) {
      stage(moves);
    }
    batches = planned;
  }

  /** Takes memory for pages on their way from file to file. */
  private void stage(List<MigrationMove> moves) {
    long page = roundUp(pageBytes, STAGING_ALIGNMENT);
    if (ring == null) {
      long unit = STAGING_ALIGNMENT;
      for (NativeFile file : files) {
        unit = Math.max(unit, file.granularity());
      }
      long share = STAGED_BYTES / pool.threads() / unit * unit;
      long piece = Math.min(roundUp(pageBytes, unit), roundUp(STAGED_PIECE, unit));
      staging = allocate(Math.clamp(share, unit, piece) * pool.threads());
    } else {
      long all = (long) moves.size() * moves.getFirst().pages() * page;
      ring.stage(allocate(Math.max(page, Math.min(all, STAGED_BYTES))));
    }
  }

  private static long roundUp(long bytes, long unit) {
    return Math.ceilDiv(bytes, unit) * unit;
  }

  /** {@inheritDoc} What the page cache holds of a source is forgotten, where it is allowed to. */
  @Override
  public void wake() {
    for (int i = 0; i < cachedSources.size(); i++) {
      cachedSources.get(i).forget();
    }
    if (ring == null) {
      pool.wake(); // else they would only be in the way
    }
  }

  @Override
  public void migrate() {
    PageBatches moved = batches;
    if (moved == null) {
      throw new IllegalStateException("no plan");
    }
    if (!withFile) {
      HostError.check(
          Host.gpubench_pages_copy(
              pool.handle(), simd.level, moved.count(), moved.array(), pageBytes),
          "gpubench_pages_copy");
    } else if (ring != null) {
      ring.move(moved);
    } else {
      moved.move(pool.handle(), pageBytes, staging);
    }
  }

  @Override
  public Map<String, Object> configuration() {
    if (ring == null) {
      return super.configuration();
    }
    return Map.of("threads", 1L);
  }

  @Override
  public void close() {
    if (ring != null) {
      ring.close();
    }
    files.forEach(NativeFile::close);
    super.close();
  }
}
