// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A folder of what is kept of machines: a file for each piece of hardware, whole at any moment.
 * Immutable; any number of threads and processes may change it at a time, one after the other.
 */
public final class StateFolder {
  private static final String LOCK = ".lock";

  /** Within a process, where file locks say nothing. */
  private static final ReentrantLock OWN_LOCK = new ReentrantLock();

  private final Path folder;
  private final int mostBytes;

  /**
   * A folder, which is created when something is changed in it.
   *
   * @param mostBytes no larger file is read
   */
  public StateFolder(Path folder, int mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /** The file of some hardware, whether it is there or not. */
  public Path file(String hardware) {
    String name = hardware.replaceAll("[^A-Za-z0-9-]", "_");
    boolean same = name.equals(hardware) && name.length() <= 100;
    String hash = same ? "" : Sha256.of(hardware.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    return folder.resolve(
        (same ? name : name.substring(0, Math.min(80, name.length())) + "-" + hash) + ".json");
  }

  /**
   * What a file holds.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws IOException when it cannot be read, or is larger than anything that is kept
   */
  public byte[] bytes(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      throw new IOException("it is no file");
    }
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw new IOException("larger than any that gpubench writes");
      }
      return bytes;
    }
  }

  /** Something that is done while nobody else changes the folder. */
  @FunctionalInterface
  public interface Change<T> {
    /** Does it. */
    T make() throws IOException;
  }

  /**
   * Changes something while nobody else does; creates the folder.
   *
   * @throws IOException when that fails, or the change does
   */
  public <T> T locked(Change<T> change) throws IOException {
    OWN_LOCK.lock();
    try {
      Files.createDirectories(folder);
      try (var channel =
              FileChannel.open(
                  folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        return change.make();
      }
    } finally {
      OWN_LOCK.unlock();
    }
  }

  /** Moves a file aside, since it may be somebody's. */
  public void aside(Path file) throws IOException {
    Files.move(
        file,
        file.resolveSibling(file.getFileName() + ".damaged"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Puts a file in the place of the one that is there, if any. */
  public void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (var channel =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
