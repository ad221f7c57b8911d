// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.files.PageFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kernels that do something else than they are told to. */
final class CheatingMigrations implements MigrationKernels {
  /** What they do. */
  enum Cheat {
    /** The pages of two frames are exchanged. */
    WRONG_FRAME(false),
    /** The last page stays where it is. */
    DROPS_LAST_PAGE(false),
    /** Of two ways the second is left out. */
    ONE_WAY_ONLY(false),
    /** Nothing moves. */
    NOTHING(false),
    /** Every other sample is left out. */
    EVERY_OTHER_SAMPLE(false),
    /** A page is the one that the sample before had there. */
    STALE_PAGE(true),
    /** The last bit of the last page is another one. */
    LAST_BIT(true),
    /** A word of the source's last page is overwritten. */
    CHANGES_SOURCE(true),
    /** A byte behind a pool is overwritten. */
    BEYOND_THE_POOL(true);

    /** Whether it needs a source and a target in memory. */
    final boolean ofMemory;

    Cheat(boolean ofMemory) {
      this.ofMemory = ofMemory;
    }
  }

  private final MigrationKernels honest;
  private final Cheat cheat;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> pools = new ArrayList<>();
  private List<MigrationMove> told = List.of();
  private MemorySegment frames = MemorySegment.NULL;
  private byte[] stale = {};
  private int samples;

  CheatingMigrations(MigrationKernels honest, Cheat cheat) {
    this.honest = honest;
    this.cheat = cheat;
  }

  @Override
  public MemorySegment allocate(long bytes, boolean locked) {
    MemorySegment allocated = honest.allocate(bytes, locked);
    pools.add(allocated);
    return allocated;
  }

  @Override
  public PageFile open(PageFile.Order order) {
    return honest.open(order);
  }

  @Override
  public void plan(List<MigrationMove> moves) {
    told = List.copyOf(moves);
    var changed = new ArrayList<>(moves);
    MigrationMove last = moves.getLast();
    frames = arena.allocate(JAVA_INT, last.pages());
    switch (cheat) {
      case WRONG_FRAME -> changed.set(moves.size() - 1, with(last, last.pages(), frames));
      case DROPS_LAST_PAGE ->
          changed.replaceAll(move -> with(move, move.pages() - 1, move.targetFrames()));
      case ONE_WAY_ONLY -> changed.removeLast();
      default -> {}
    }
    honest.plan(changed);
  }

  private static MigrationMove with(MigrationMove move, int pages, MemorySegment targetFrames) {
    return new MigrationMove(
        pages, move.pageBytes(), move.source(), move.sourceFrames(), move.target(), targetFrames);
  }

  @Override
  public void wake() {
    honest.wake();
  }

  @Override
  public void migrate() {
    samples++;
    MigrationMove last = told.getLast();
    frames.copyFrom(last.targetFrames());
    int end = last.pages() - 1;
    frames.setAtIndex(JAVA_INT, 0, last.targetFrames().getAtIndex(JAVA_INT, end));
    frames.setAtIndex(JAVA_INT, end, last.targetFrames().getAtIndex(JAVA_INT, 0));
    if (cheat == Cheat.NOTHING || (cheat == Cheat.EVERY_OTHER_SAMPLE && samples % 2 == 0)) {
      return;
    }
    honest.migrate();
    if (cheat.ofMemory) {
      long bytes = last.pageBytes();
      spoil(
          page(last.source(), last.sourceFrames(), end, bytes),
          page(last.target(), last.targetFrames(), end, bytes));
    }
  }

  private void spoil(MemorySegment source, MemorySegment target) {
    long bytes = target.byteSize();
    switch (cheat) {
      case STALE_PAGE -> {
        byte[] moved = target.toArray(JAVA_BYTE);
        if (samples > 1) {
          target.copyFrom(MemorySegment.ofArray(stale));
        }
        stale = moved;
      }
      case LAST_BIT ->
          target.set(JAVA_BYTE, bytes - 1, (byte) (target.get(JAVA_BYTE, bytes - 1) ^ 0x80));
      case CHANGES_SOURCE -> source.set(JAVA_LONG, bytes - Long.BYTES, samples);
      case BEYOND_THE_POOL -> {
        MemorySegment pool = pools.getLast();
        pool.set(
            JAVA_BYTE, pool.byteSize() - 64, (byte) ~pool.get(JAVA_BYTE, pool.byteSize() - 64));
      }
      default -> throw new IllegalStateException(cheat.name());
    }
  }

  private static MemorySegment page(PageStore store, MemorySegment frames, int page, long bytes) {
    MemorySegment pool = ((PageStore.InMemory) store).pool();
    return pool.asSlice(frames.getAtIndex(JAVA_INT, page) * bytes, bytes);
  }

  @Override
  public Map<String, Object> configuration() {
    return honest.configuration();
  }

  @Override
  public void close() {
    try (arena) {
      honest.close();
    }
  }
}
