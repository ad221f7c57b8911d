// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pages in a file by Java's channels: positional reads and writes, each continued until all is
 * there, which the members of a team share among them.
 */
public final class DirectFile implements PageFile {
  /** The most bytes of a single request, where nobody chooses: smaller ones were slower. */
  static final long USUAL_PIECE = 4 << 20;

  /** Written at a time before anything is timed. */
  private static final long CHUNK_BYTES = 1 << 20;

  private final FolderFacts folder;
  private final Order order;
  private final FileChannel channel;
  private final boolean direct;
  private final boolean cached;
  private final long pieceBytes;
  private final int pieces;
  private final SpinTeam team;
  private final boolean ownsTeam;
  private final List<PoolViews> pools = new ArrayList<>();
  private final AtomicLong next = new AtomicLong();
  private final SpinTeam.Task part = this::part;

  // what the current call is about; the team publishes it
  private boolean writes;
  private long items;
  private MemorySegment fileFrames = MemorySegment.NULL;
  private MemorySegment memoryFrames = MemorySegment.NULL;
  private PoolViews views;

  private DirectFile(
      FolderFacts folder, Order order, OpenedFile opened, SpinTeam team, boolean owned) {
    this.folder = folder;
    this.order = order;
    this.channel = opened.channel();
    this.direct = opened.direct();
    this.cached = opened.cached();
    this.team = team;
    this.ownsTeam = owned;
    long granularity = granularity();
    long asked = order.ioBytes() == 0 ? USUAL_PIECE : order.ioBytes();
    pieceBytes =
        Math.min(order.pageBytes(), Math.max(granularity, asked / granularity * granularity));
    pieces = (int) Math.ceilDiv(order.pageBytes(), pieceBytes);
    views = new PoolViews(MemorySegment.NULL, order.pageBytes(), pieceBytes);
  }

  /**
   * Opens one, with a team of its own.
   *
   * @throws EngineException as {@link PageFiles#open}
   */
  public static DirectFile open(Order order) {
    var team = new SpinTeam(order.threads(), 0);
    try {
      return open(order, team, true);
    } catch (RuntimeException | Error failure) {
      try (team) {
        throw failure;
      }
    }
  }

  /**
   * Opens one whose pages somebody else's team shares.
   *
   * @throws EngineException as {@link PageFiles#open}
   */
  public static DirectFile open(Order order, SpinTeam team) {
    return open(order, team, false);
  }

  private static DirectFile open(Order order, SpinTeam team, boolean owned) {
    FolderFacts folder = FolderFacts.of(order.folder());
    folder.checkRoom(order.bytes(), "");
    OpenedFile opened = OpenedFile.in(folder, order.bytes());
    try {
      if (opened.direct()) {
        folder.checkGranularity(order.pageBytes(), folder.blockBytes());
      }
      var file = new DirectFile(folder, order, opened, team, owned);
      file.writeAll();
      return file;
    } catch (RuntimeException | Error failure) {
      try {
        opened.channel().close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }

  /** What offsets, sizes and addresses are multiples of, in bytes. */
  public int granularity() {
    return direct ? folder.blockBytes() : 1;
  }

  /** Takes all the room, and has the file system note it. */
  private void writeAll() {
    long all = order.bytes();
    long chunk = Math.min(all, Math.ceilDiv(CHUNK_BYTES, granularity()) * granularity());
    try (var arena = Arena.ofShared()) {
      next.set(0);
      team.run((_, _) -> {
        MemorySegment words = arena.allocate(chunk, Math.max(ALIGNMENT, granularity()));
        ByteBuffer bytes = words.asByteBuffer();
        for (long at = next.getAndAdd(chunk); at < all; at = next.getAndAdd(chunk)) {
          OpenedFile.fill(words, at);
          write(bytes.clear().limit((int) Math.min(chunk, all - at)), at);
        }
      });
    }
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public long pageBytes() {
    return order.pageBytes();
  }

  @Override
  public int frames() {
    return order.frames();
  }

  /** The most bytes of a piece; only the last one of a page may have fewer. */
  public long pieceBytes() {
    return pieceBytes;
  }

  @Override
  public void attach(MemorySegment pool) {
    int alignment = Math.max(ALIGNMENT, granularity());
    if (!pool.isNative() || (direct && pool.address() % alignment != 0)) {
      throw new IllegalArgumentException("a pool that does not begin at " + alignment + " bytes");
    }
    pools.add(new PoolViews(pool, order.pageBytes(), pieceBytes));
  }

  /**
   * How the pieces of a pool are addressed.
   *
   * @param pool one that was {@link #attach}ed
   */
  public PoolViews views(MemorySegment pool) {
    for (int i = 0; i < pools.size(); i++) {
      if (pools.get(i).isOf(pool)) {
        return pools.get(i);
      }
    }
    throw new IllegalStateException("a pool that was not attached");
  }

  @Override
  public void read(
      int count, MemorySegment fromFrames, MemorySegment pool, MemorySegment toFrames) {
    writes = false;
    move(count, fromFrames, pool, toFrames);
  }

  @Override
  public void write(
      int count, MemorySegment toFrames, MemorySegment pool, MemorySegment fromFrames) {
    writes = true;
    move(count, toFrames, pool, fromFrames);
  }

  private void move(int count, MemorySegment inFile, MemorySegment pool, MemorySegment inMemory) {
    items = (long) count * pieces;
    fileFrames = inFile;
    memoryFrames = inMemory;
    views = views(pool);
    next.set(0);
    team.run(part);
  }

  /** Takes the next piece whenever one is done, since none takes as long as another. */
  private void part(int member, int members) {
    for (long item = next.getAndIncrement(); item < items; item = next.getAndIncrement()) {
      long page = item / pieces;
      int piece = (int) (item % pieces);
      int inFile = fileFrames.getAtIndex(JAVA_INT, page);
      int inMemory = memoryFrames.getAtIndex(JAVA_INT, page);
      ByteBuffer bytes = views.piece(inMemory, piece);
      if (writes) {
        write(bytes, inFile, piece * pieceBytes);
      } else {
        read(inFile, piece * pieceBytes, bytes);
      }
    }
  }

  /**
   * Reads a part of a page, on the calling thread. Any number of threads may do this at once.
   *
   * @param offset of the part in the page, a multiple of the granularity as its size is
   * @param to as many bytes remain as the part has, those of native memory at whose beginning
   *     {@link #attach} would not complain; none remain afterwards
   * @throws EngineException when the system fails
   */
  public void read(int frame, long offset, ByteBuffer to) {
    long end = frame * order.pageBytes() + offset + to.remaining();
    try {
      while (to.hasRemaining()) {
        if (channel.read(to, end - to.remaining()) <= 0) {
          throw FolderFacts.failure(order.folder(), "the file has become shorter");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Writes a part of a page, likewise. */
  public void write(ByteBuffer from, int frame, long offset) {
    write(from, frame * order.pageBytes() + offset);
  }

  private void write(ByteBuffer from, long at) {
    long end = at + from.remaining();
    try {
      while (from.hasRemaining()) {
        if (channel.write(from, end - from.remaining()) <= 0) {
          throw FolderFacts.failure(order.folder(), "nothing more can be written");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void sync() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void wake() {
    team.wake();
  }

  private EngineException failed(IOException e) {
    return FolderFacts.failure(order.folder(), StoreErrors.text(e), e);
  }

  @Override
  public String access() {
    if (folder.inMemory()) {
      return MEMORY;
    }
    return cached ? PAGE_CACHE : DIRECT;
  }

  @Override
  public Map<String, Object> description() {
    var map = new LinkedHashMap<String, Object>();
    map.put("access", access());
    map.put("fileSystem", folder.fileSystem());
    map.put("folder", folder.folder().toString());
    if (access().equals(PAGE_CACHE)) {
      map.put("pageCache", "kept"); // nothing is done to have it forget what a sample reads
    }
    map.put("granularity", (long) granularity());
    map.put("io", "FileChannel");
    map.put("ioBytes", pieceBytes);
    return map;
  }

  @Override
  public void close() {
    try (channel) {
      if (ownsTeam) {
        team.close();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
