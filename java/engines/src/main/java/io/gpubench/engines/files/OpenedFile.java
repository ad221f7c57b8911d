// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.workloads.words.Words;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file that has lost its name, and how it is reached. A file system may take O_DIRECT and use the
 * page cache nevertheless, as one does that keeps a journal of data or compresses them: so
 * something is written and read, and then the system is asked whether the page cache holds it.
 *
 * @param direct whether the file system takes O_DIRECT, so that all that is transferred is a
 *     multiple of its granularity
 * @param cached whether a cache of the system holds what is written and read
 */
record OpenedFile(FileChannel channel, boolean direct, boolean cached) {
  /** Of the JDK, but outside of what is specified; null where it is missing. */
  private static final @Nullable OpenOption DIRECT_ACCESS = directAccess();

  /** Written and read to see what becomes of it. */
  private static final long PROBE_BYTES = 1 << 20;

  private static @Nullable OpenOption directAccess() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Stream.of(options.getEnumConstants())
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findFirst()
          .orElse(null);
    } catch (ClassNotFoundException _) {
      return null;
    }
  }

  /**
   * Makes one. The caller closes the channel.
   *
   * @param bytes that it is going to have
   * @throws EngineException when the folder or the file system does not allow it
   */
  static OpenedFile in(FolderFacts folder, long bytes) {
    Path file = folder.folder().resolve(".gpubench-" + UUID.randomUUID());
    try {
      FileChannel plain = FileChannel.open(file, CREATE_NEW, READ, WRITE);
      @Nullable FileChannel past = null;
      try {
        try {
          past = pastPageCache(folder, file);
        } finally {
          Files.delete(file);
        }
        if (past == null || !probe(past, probeBytes(folder, bytes))) {
          close(past);
          return new OpenedFile(plain, false, true);
        }
        boolean cached = folder.hasCacheOfItsOwn() || resident(plain);
        plain.close();
        return new OpenedFile(past, true, cached);
      } catch (IOException | RuntimeException | Error failure) {
        close(past);
        close(plain);
        throw failure;
      }
    } catch (IOException e) {
      throw FolderFacts.failure(folder.folder().toString(), StoreErrors.text(e), e);
    }
  }

  private static void close(@Nullable FileChannel channel) throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  /** Null where the file system refuses, or lies in memory anyway. */
  private static @Nullable FileChannel pastPageCache(FolderFacts folder, Path file) {
    if (DIRECT_ACCESS == null || folder.inMemory()) {
      return null;
    }
    try {
      return FileChannel.open(file, READ, WRITE, DIRECT_ACCESS);
    } catch (IOException | UnsupportedOperationException _) {
      return null;
    }
  }

  private static long probeBytes(FolderFacts folder, long bytes) {
    long block = folder.blockBytes();
    return Math.max(1, Math.min(PROBE_BYTES, bytes) / block) * block;
  }

  /** Writes something and reads it; whether the file system lets it. */
  private static boolean probe(FileChannel channel, long bytes) {
    try (var arena = Arena.ofShared()) {
      MemorySegment words = arena.allocate(bytes, Math.max(PageFile.ALIGNMENT, alignment(bytes)));
      fill(words, bytes);
      ByteBuffer buffer = words.asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer, buffer.position());
      }
      buffer.clear();
      while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {
        // the rest
      }
      return !buffer.hasRemaining();
    } catch (IOException _) {
      return false;
    }
  }

  /** The largest power of two that divides a number. */
  private static long alignment(long bytes) {
    return Math.min(PROBE_BYTES, Long.lowestOneBit(bytes));
  }

  /** Whether any of the file is in the page cache. */
  private static boolean resident(FileChannel channel) throws IOException {
    try (var arena = Arena.ofShared()) {
      long bytes = Math.min(PROBE_BYTES, channel.size());
      return SystemCall.resident(channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena));
    }
  }

  /** Stores what no drive can leave out or keep once for many. */
  static void fill(MemorySegment memory, long key) {
    long count = memory.byteSize() / Long.BYTES;
    for (long i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, Words.word(key, i));
    }
  }
}
