// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.engines.files.DirectFile;
import io.gpubench.engines.files.HugePages;
import io.gpubench.engines.files.LockedMemory;
import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.files.PoolViews;
import io.gpubench.engines.migration.MigrationKernels;
import io.gpubench.engines.migration.MigrationMove;
import io.gpubench.engines.migration.PageStore;
import io.gpubench.engines.processors.SpinTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Migration in Java. In memory each member of a team copies an equal part of all bytes, whole pages
 * or parts of them. Where a file takes part, each takes the next piece of a page whenever it is
 * done with one, of both ways in turn.
 */
final class JavaMigrationKernels implements MigrationKernels {
  /** Parts of members begin at such a multiple: a cache line and its prefetched neighbour. */
  private static final long LINE = 128;

  /** The most memory, of all members, for pages on their way from file to file: 16 MiB. */
  private static final long BETWEEN_BYTES = 16 << 20;

  private final Arena arena = Arena.ofShared(); // others fill and check what is allocated
  private final List<DirectFile> files = new ArrayList<>();
  private final SpinTeam team;
  private final SpinTeam.Task copy = this::copyPart;
  private final SpinTeam.Task pieces = this::takePieces;
  private final AtomicLong next = new AtomicLong();
  private Lane[] lanes = {};
  private boolean withFile;

  JavaMigrationKernels(int threads) {
    team = new SpinTeam(threads);
  }

  @Override
  public MemorySegment allocate(long bytes, boolean lock) {
    MemorySegment allocated = HugePages.allocate(arena, bytes);
    team.run((member, members) -> {
      long from = begin(bytes, member, members);
      allocated.asSlice(from, begin(bytes, member + 1, members) - from).fill((byte) 0);
    });
    if (lock) {
      LockedMemory.lock(allocated); // now that each member has touched its part
    }
    return allocated;
  }

  @Override
  public PageFile open(PageFile.Order order) {
    DirectFile file = DirectFile.open(order, team);
    files.add(file);
    return file;
  }

  @Override
  public void plan(List<MigrationMove> moves) {
    withFile = moves.getFirst().withFile();
    lanes = moves.stream().map(Lane::new).toArray(Lane[]::new);
  }

  @Override
  public void wake() {
    team.wake();
  }

  @Override
  public void migrate() {
    if (withFile) {
      next.set(0);
      team.run(pieces);
    } else {
      team.run(copy);
    }
  }

  /** Where the part of a member begins. */
  private static long begin(long bytes, int member, int members) {
    return Math.min(bytes, Math.ceilDiv(bytes, LINE) * member / members * LINE);
  }

  private void copyPart(int member, int members) {
    for (Lane lane : lanes) {
      long bytes = lane.pages * lane.pageBytes;
      lane.copy(begin(bytes, member, members), begin(bytes, member + 1, members));
    }
  }

  private void takePieces(int member, int members) {
    Lane[] all = lanes;
    long items = all.length * all[0].pages * all[0].pieces;
    for (long item = next.getAndIncrement(); item < items; item = next.getAndIncrement()) {
      Lane lane = all[(int) (item % all.length)];
      long ofLane = item / all.length;
      lane.move(ofLane / lane.pieces, (int) (ofLane % lane.pieces), member);
    }
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) team.members());
  }

  @Override
  public void close() {
    try (arena;
        team) {
      files.forEach(DirectFile::close);
    }
  }

  /** A move, with what it takes to move parts of it. */
  private final class Lane {
    private final long pages;
    private final long pageBytes;
    private final MemorySegment sourceFrames;
    private final MemorySegment targetFrames;
    private final MemorySegment source;
    private final MemorySegment target;
    private final @Nullable DirectFile sourceFile;
    private final @Nullable DirectFile targetFile;
    private final long pieceBytes; // moved at a time, where a file takes part
    private final int pieces;
    private final @Nullable PoolViews views; // of the pool in memory, where the other is a file
    private final ByteBuffer[] between; // of each member, where both are files

    Lane(MigrationMove move) {
      pages = move.pages();
      pageBytes = move.pageBytes();
      sourceFrames = move.sourceFrames();
      targetFrames = move.targetFrames();
      source = pool(move.source());
      target = pool(move.target());
      sourceFile = file(move.source());
      targetFile = file(move.target());
      if (sourceFile != null && targetFile != null) {
        pieceBytes = betweenBytes(Math.max(sourceFile.granularity(), targetFile.granularity()));
        views = null;
        between = new ByteBuffer[team.members()];
        for (int i = 0; i < between.length; i++) {
          between[i] = allocate(pieceBytes, false).asByteBuffer();
        }
      } else {
        DirectFile file = sourceFile == null ? targetFile : sourceFile;
        pieceBytes = file == null ? pageBytes : file.pieceBytes();
        views = file == null ? null : file.views(sourceFile == null ? source : target);
        between = new ByteBuffer[0];
      }
      pieces = (int) Math.ceilDiv(pageBytes, pieceBytes);
    }

    /** What each member has of memory on the way from file to file. */
    private long betweenBytes(long granularity) {
      long share = BETWEEN_BYTES / team.members() / granularity * granularity;
      return Math.min(pageBytes, Math.max(granularity, share));
    }

    private static MemorySegment pool(PageStore store) {
      return store instanceof PageStore.InMemory inMemory ? inMemory.pool() : MemorySegment.NULL;
    }

    private static @Nullable DirectFile file(PageStore store) {
      return store instanceof PageStore.InFile inFile && inFile.file() instanceof DirectFile file
          ? file
          : null;
    }

    /** Copies some of the bytes of the batch, in the order of its pages. */
    void copy(long begin, long end) {
      MemorySegment from = source;
      MemorySegment to = target;
      long bytes = pageBytes;
      long page = begin / bytes;
      long at = begin % bytes;
      for (long left = end - begin; left > 0; page++) {
        long count = Math.min(left, bytes - at);
        long fromPage = sourceFrames.getAtIndex(JAVA_INT, page) * bytes;
        long toPage = targetFrames.getAtIndex(JAVA_INT, page) * bytes;
        MemorySegment.copy(from, fromPage + at, to, toPage + at, count);
        left -= count;
        at = 0;
      }
    }

    /** Moves a piece of a page from or to a file. */
    void move(long page, int piece, int member) {
      int fromFrame = sourceFrames.getAtIndex(JAVA_INT, page);
      int toFrame = targetFrames.getAtIndex(JAVA_INT, page);
      long offset = piece * pieceBytes;
      if (sourceFile != null && targetFile != null) {
        int bytes = (int) Math.min(pieceBytes, pageBytes - offset);
        ByteBuffer buffer = between[member].clear().limit(bytes);
        sourceFile.read(fromFrame, offset, buffer);
        targetFile.write(buffer.flip(), toFrame, offset);
      } else if (sourceFile != null && views != null) {
        sourceFile.read(fromFrame, offset, views.piece(toFrame, piece));
      } else if (targetFile != null && views != null) {
        targetFile.write(views.piece(fromFrame, piece), toFrame, offset);
      }
    }
  }
}
