// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.workloads.words.Words;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every file of pages must get right. A subclass opens one. */
public abstract class PageFileContract {
  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();

  protected abstract PageFile open(PageFile.Order order);

  /** Why this cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereItIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest(name = "{0} frames of {1} bytes, {2} threads, {3} at once, of {4} bytes")
  @CsvSource({
    "1, 4096, 1, 0, 0",
    "2, 4096, 2, 0, 0",
    "7, 12288, 3, 0, 4096",
    "64, 4096, 2, 1, 0",
    "300, 4096, 2, 7, 0",
    "5, 1048576, 2, 3, 65536",
    "3, 1052672, 2, 0, 0",
    "3, 3149824, 2, 64, 8192",
    "2, 5242880, 1, 2, 12289",
    "2, 9437184, 2, 0, 0"
  })
  void whatIsWrittenIsRead(int frames, long pageBytes, int threads, int depth, long ioBytes) {
    var order = new PageFile.Order(folder.toString(), pageBytes, frames, threads, depth, ioBytes);
    try (PageFile file = open(order)) {
      assertEquals(frames, file.frames());
      assertEquals(pageBytes, file.pageBytes());
      MemorySegment from = pool(frames, pageBytes);
      MemorySegment to = pool(frames + 1, pageBytes);
      file.attach(from);
      file.attach(to);
      for (long round = 0; round < 3; round++) {
        fill(from, round);
        to.fill((byte) 0x11);
        var random = new Random(round);
        MemorySegment written = permutation(frames, random);
        MemorySegment at = permutation(frames, random);
        MemorySegment read = permutation(frames + 1, random);
        file.wake();
        file.write(frames, at, from, written);
        file.sync();
        file.read(frames, at, to, read);
        for (int i = 0; i < frames; i++) {
          int source = written.getAtIndex(JAVA_INT, i);
          int target = read.getAtIndex(JAVA_INT, i);
          assertEquals(-1, page(from, source, pageBytes).mismatch(page(to, target, pageBytes)));
        }
        MemorySegment untouched = page(to, read.getAtIndex(JAVA_INT, frames), pageBytes);
        assertTrue(allAre(untouched, (byte) 0x11));
        file.read(0, at, to, read);
        file.write(0, at, from, written);
      }
    }
  }

  /** Seen from outside: what is in the file, where, and how it was opened. */
  @Test
  void framesLieWhereTheyBelong() throws IOException {
    for (long pageBytes : new long[] {4096, 12288, 5L << 20}) {
      int frames = 5;
      try (PageFile file = open(order(frames, pageBytes))) {
        MemorySegment pool = pool(frames, pageBytes);
        file.attach(pool);
        fill(pool, pageBytes);
        var random = new Random(pageBytes);
        MemorySegment at = permutation(frames, random);
        MemorySegment written = permutation(frames, random);
        file.write(frames, at, pool, written);
        file.sync();
        try (FileChannel other = FileChannel.open(descriptor(), StandardOpenOption.READ)) {
          MemorySegment all =
              other.map(FileChannel.MapMode.READ_ONLY, 0, frames * pageBytes, arena);
          for (int i = 0; i < frames; i++) {
            MemorySegment page = page(pool, written.getAtIndex(JAVA_INT, i), pageBytes);
            assertEquals(-1, page.mismatch(page(all, at.getAtIndex(JAVA_INT, i), pageBytes)));
          }
        }
      }
    }
  }

  @Test
  void directIsWhatPassesByThePageCache() throws IOException {
    try (PageFile file = open(order(3, 1 << 20))) {
      boolean flag =
          (flags() & (System.getProperty("os.arch").equals("aarch64") ? 0200000 : 040000)) != 0;
      if (file.access().equals(PageFile.DIRECT)) {
        assertTrue(flag, "O_DIRECT");
        MemorySegment pool = pool(3, 1 << 20);
        file.attach(pool);
        MemorySegment frames = permutation(3, new Random(3));
        file.write(3, frames, pool, frames);
        file.read(3, frames, pool, frames);
        try (FileChannel other = FileChannel.open(descriptor(), StandardOpenOption.READ)) {
          assertFalse(
              SystemCall.resident(other.map(FileChannel.MapMode.READ_ONLY, 0, 3 << 20, arena)));
        }
      }
      if (List.of("ext4", "xfs").contains(Files.getFileStore(folder).type())) {
        assertEquals(PageFile.DIRECT, file.access());
      }
    }
  }

  /** The open file that has lost its name, as this process knows it. */
  private Path descriptor() throws IOException {
    String real = folder.toRealPath() + "/";
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          String file = Files.readSymbolicLink(descriptor).toString();
          if (file.startsWith(real) && file.endsWith(" (deleted)")) {
            return descriptor;
          }
        }
      }
    }
    throw new AssertionError("no file without a name in " + real);
  }

  private int flags() throws IOException {
    Path facts = Path.of("/proc/self/fdinfo", descriptor().getFileName().toString());
    for (String line : Files.readAllLines(facts)) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
      }
    }
    throw new AssertionError(facts.toString());
  }

  @Test
  void aPartOfTheFramesIsLeftAlone() {
    try (PageFile file = open(order(6, 4096))) {
      MemorySegment pool = pool(6, 4096);
      file.attach(pool);
      fill(pool, 1);
      MemorySegment all = permutation(6, new Random(1));
      file.write(6, all, pool, all);
      MemorySegment before = arena.allocate(pool.byteSize()).copyFrom(pool);
      fill(pool, 2);
      file.write(2, all, pool, all);
      file.read(4, all.asSlice(2L * Integer.BYTES), pool, all.asSlice(2L * Integer.BYTES));
      for (int i = 2; i < 6; i++) {
        int frame = all.getAtIndex(JAVA_INT, i);
        assertEquals(-1, page(before, frame, 4096).mismatch(page(pool, frame, 4096)));
      }
    }
  }

  @Test
  void tellsWhatItIs() throws IOException {
    try (PageFile file = open(order(2, 4096))) {
      var told = file.description();
      assertEquals(file.access(), told.get("access"));
      assertEquals(folder.toRealPath().toString(), told.get("folder"));
      assertEquals(Files.getFileStore(folder).type(), told.get("fileSystem"));
      assertTrue((Long) told.get("granularity") >= 1, told.toString());
      assertTrue(told.containsKey("io"), told.toString());
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(0, left.count());
      }
    }
  }

  @Test
  void aFileSystemInMemoryIsCalledSo() {
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared) && FolderFacts.of(shared.toString()).inMemory());
    try (PageFile file = open(new PageFile.Order(shared.toString(), 4104, 3, 2, 0, 0))) {
      assertEquals(PageFile.MEMORY, file.access());
      MemorySegment pool = pool(3, 4104);
      file.attach(pool);
      fill(pool, 5);
      MemorySegment frames = permutation(3, new Random(5));
      file.write(3, frames, pool, frames);
      MemorySegment before = arena.allocate(pool.byteSize()).copyFrom(pool);
      pool.fill((byte) 0);
      file.read(3, frames, pool, frames);
      assertEquals(-1, before.mismatch(pool));
    }
  }

  @Test
  void pagesThatDoNotFitTheFileSystem() {
    try (PageFile file = open(order(1, 8192))) {
      assumeTrue(file.access().equals(PageFile.DIRECT));
    }
    refuses(
        new PageFile.Order(folder.toString(), 4104, 2, 1, 0, 0),
        "pages of 4104 bytes",
        "multiple of");
  }

  @Test
  void noRoom() {
    refuses(new PageFile.Order(folder.toString(), 1L << 30, 1 << 20, 1, 0, 0), "not enough room");
  }

  @Test
  void noFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    refuses(new PageFile.Order(file.toString(), 4096, 1, 1, 0, 0), file + ": it is not a folder");
    assertEquals("mine", Files.readString(file));
    Path missing = folder.resolve("missing");
    refuses(new PageFile.Order(missing.toString(), 4096, 1, 1, 0, 0), "it does not exist");
    refuses(new PageFile.Order("/proc", 4096, 1, 1, 0, 0), "file tier /proc: ");
  }

  private void refuses(PageFile.Order order, String... words) {
    var refused = assertThrows(EngineException.class, () -> open(order).close());
    for (String word : words) {
      assertTrue(refused.getMessage().contains(word), refused.getMessage());
    }
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  private PageFile.Order order(int frames, long pageBytes) {
    return new PageFile.Order(folder.toString(), pageBytes, frames, 2, 0, 0);
  }

  private MemorySegment pool(int frames, long pageBytes) {
    return arena.allocate(frames * pageBytes, PageFile.ALIGNMENT);
  }

  private static void fill(MemorySegment pool, long key) {
    for (long i = 0; i < pool.byteSize() / Long.BYTES; i++) {
      pool.setAtIndex(JAVA_LONG, i, Words.word(key, i));
    }
  }

  private static boolean allAre(MemorySegment bytes, byte value) {
    for (long i = 0; i < bytes.byteSize(); i++) {
      if (bytes.get(JAVA_BYTE, i) != value) {
        return false;
      }
    }
    return true;
  }

  private MemorySegment permutation(int count, Random random) {
    MemorySegment frames = arena.allocate(JAVA_INT, count);
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      frames.setAtIndex(JAVA_INT, i, frames.getAtIndex(JAVA_INT, j));
      frames.setAtIndex(JAVA_INT, j, i);
    }
    return frames;
  }

  private static MemorySegment page(MemorySegment pool, int frame, long pageBytes) {
    return pool.asSlice(frame * pageBytes, pageBytes);
  }
}
