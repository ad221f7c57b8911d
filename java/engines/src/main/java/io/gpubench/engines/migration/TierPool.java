// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.files.FolderFacts;
import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.files.PageFiles;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.PagePool;
import io.gpubench.workloads.migration.Tier;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one tier of a run: which are free, where they are, and what their pages hold. What
 * lies in a file is written and read back by way of memory, a piece at a time.
 */
final class TierPool {
  /** Bytes behind a pool in memory that nothing may touch. */
  private static final long GUARD_BYTES = 64;

  private final MigrationParameters setting;
  private final Tier tier;
  private final PageWords words;
  private final PagePool free;
  private final PageStore store;
  private final MemorySegment guard;
  private final @Nullable Staging staging;
  private long s0;
  private long s1;
  private long firstWrong;

  private TierPool(
      MigrationParameters setting,
      int which,
      PageWords words,
      PageStore store,
      MemorySegment guard,
      @Nullable Staging staging) {
    this.setting = setting;
    this.tier = setting.source(which);
    this.words = words;
    this.free = new PagePool(setting, which);
    this.store = store;
    this.guard = guard;
    this.staging = staging;
  }

  /**
   * Takes the room for a tier.
   *
   * @param which 0 for {@link MigrationParameters#from}, 1 for the other
   * @param file how a file is opened: by how many threads, in what portions
   * @throws EngineException when the engine has no such tier on this machine, or there is not
   *     enough room
   */
  static TierPool open(
      MigrationParameters setting,
      int which,
      MigrationKernels kernels,
      PageFile.Order file,
      PageWords words,
      Arena arena) {
    Tier tier = setting.source(which);
    if (tier.kind() == Tier.Kind.FILE) {
      String folder = Objects.requireNonNull(tier.place());
      FolderFacts.of(folder).checkRoom(setting.poolBytes(), setting.pages());
      PageFile opened =
          kernels.open(
              new PageFile.Order(
                  folder,
                  setting.pageBytes(),
                  setting.frames(),
                  file.threads(),
                  file.depth(),
                  file.ioBytes()));
      var staging = new Staging(setting, kernels, arena);
      opened.attach(staging.memory);
      return new TierPool(
          setting, which, words, new PageStore.InFile(opened), MemorySegment.NULL, staging);
    }
    MemorySegment all =
        kernels.allocate(setting.poolBytes() + GUARD_BYTES, tier.kind() == Tier.Kind.PINNED);
    return new TierPool(
        setting,
        which,
        words,
        new PageStore.InMemory(all.asSlice(0, setting.poolBytes())),
        all.asSlice(setting.poolBytes()),
        null);
  }

  Tier tier() {
    return tier;
  }

  PagePool free() {
    return free;
  }

  PageStore store() {
    return store;
  }

  boolean inMemory() {
    return store instanceof PageStore.InMemory;
  }

  /** Has a file know the pool in memory at the other end. */
  void meet(TierPool other) {
    if (store instanceof PageStore.InFile inFile
        && other.store instanceof PageStore.InMemory inMemory) {
      inFile.file().attach(inMemory.pool());
    }
  }

  void sync() {
    if (store instanceof PageStore.InFile inFile) {
      inFile.file().sync();
    }
  }

  /** Has pages of a batch in these frames. */
  void fill(Frames frames, long key) {
    switch (store) {
      case PageStore.InMemory(MemorySegment pool) ->
          words.fill(pool, frames.all(), setting.pages(), setting.pageBytes(), key, 0);
      case PageStore.InFile(PageFile file) -> {
        Staging piece = Objects.requireNonNull(staging);
        for (int i = 0; i < frames.pieces(); i++) {
          int count = frames.count(i);
          words.fill(
              piece.memory, piece.frames, count, setting.pageBytes(), key, frames.firstWord(i));
          file.write(count, frames.piece(i), piece.memory, piece.frames);
        }
      }
    }
  }

  /** Whether all words of a batch in these frames are right; also sums them up. */
  boolean check(Frames frames, long key) {
    s0 = 0;
    s1 = 0;
    firstWrong = -1;
    switch (store) {
      case PageStore.InMemory(MemorySegment pool) -> {
        words.check(pool, frames.all(), setting.pages(), setting.pageBytes(), key, 0);
        add(0);
      }
      case PageStore.InFile(PageFile file) -> {
        Staging piece = Objects.requireNonNull(staging);
        for (int i = 0; i < frames.pieces(); i++) {
          int count = frames.count(i);
          file.read(count, frames.piece(i), piece.memory, piece.frames);
          words.check(
              piece.memory, piece.frames, count, setting.pageBytes(), key, frames.firstWord(i));
          add(frames.firstWord(i));
        }
      }
    }
    return firstWrong < 0;
  }

  private void add(long firstWord) {
    s0 += words.s0();
    s1 += words.s1() + 2 * firstWord * words.s0();
    if (firstWrong < 0 && words.firstWrong() >= 0) {
      firstWrong = firstWord + words.firstWrong();
    }
  }

  /** The sum of the words that were checked last. */
  long s0() {
    return s0;
  }

  /** Likewise, word i of the batch taken 2 i + 1 times. */
  long s1() {
    return s1;
  }

  /**
   * What is wrong with the first wrong word that {@link #check} has found, in words. What is in a
   * file is read again.
   */
  String wrong(Frames frames, long key) {
    long page = firstWrong / setting.pageWords();
    long word = firstWrong % setting.pageWords();
    int frame = frames.all().getAtIndex(JAVA_INT, page);
    return "word %d of page %d, in frame %d of '%s', is %016x, expected %016x"
        .formatted(word, page, frame, tier, at(frame, word), Words.word(key, firstWrong));
  }

  private long at(int frame, long word) {
    return switch (store) {
      case PageStore.InMemory(MemorySegment pool) ->
          pool.getAtIndex(JAVA_LONG, frame * setting.pageWords() + word);
      case PageStore.InFile(PageFile file) -> {
        Staging piece = Objects.requireNonNull(staging);
        try (var arena = Arena.ofShared()) {
          MemorySegment one = arena.allocate(JAVA_INT);
          one.set(JAVA_INT, 0, frame);
          file.read(1, one, piece.memory, piece.frames);
        }
        yield piece.memory.getAtIndex(JAVA_LONG, word);
      }
    };
  }

  /** Writes what must not change behind a pool in memory. */
  void guard(long word) {
    for (long at = 0; at < guard.byteSize(); at += Long.BYTES) {
      guard.set(JAVA_LONG, at, word);
    }
  }

  /** Whether it has not changed. */
  boolean guardHolds(long word) {
    for (long at = 0; at < guard.byteSize(); at += Long.BYTES) {
      if (guard.get(JAVA_LONG, at) != word) {
        return false;
      }
    }
    return true;
  }

  /**
   * What it lies on, for the record.
   *
   * @param end {@code from} or {@code to}, with which each name begins
   */
  Map<String, Object> description(String end) {
    var map = new LinkedHashMap<String, Object>();
    if (store instanceof PageStore.InFile inFile) {
      inFile
          .file()
          .description()
          .forEach((name, value) ->
              map.put(end + Character.toUpperCase(name.charAt(0)) + name.substring(1), value));
    }
    return map;
  }

  /** What happens to what a migration has moved here, when the power fails; null in memory. */
  @Nullable String durability() {
    return store instanceof PageStore.InFile inFile
        ? PageFiles.durability(inFile.file(), setting.syncsData())
        : null;
  }

  /** Memory by way of which a file is filled and checked: some frames, from 0 on. */
  private static final class Staging {
    final MemorySegment memory;
    final MemorySegment frames;

    Staging(MigrationParameters setting, MigrationKernels kernels, Arena arena) {
      int pages = Frames.pagesOfPiece(setting);
      memory = kernels.allocate(pages * setting.pageBytes(), false);
      frames = arena.allocate(JAVA_INT, pages);
      for (int i = 0; i < pages; i++) {
        frames.setAtIndex(JAVA_INT, i, i);
      }
    }
  }
}
