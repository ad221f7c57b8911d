// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.versions;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders with other versions of gpubench, each made once. One that was not finished is thrown away
 * by whoever comes next. Any number of processes may use it at a time: one makes, the others wait.
 */
final class VersionCache {
  private static final long POLL_MILLIS = 200;

  /** Within a process, where file locks say nothing. */
  private static final ReentrantLock OWN_LOCK = new ReentrantLock();

  private final Path folder;
  private final Consumer<String> progress;
  private final Cancellation cancellation;

  /**
   * A cache.
   *
   * @param folder created when it is needed
   * @param progress is told when another process is waited for
   */
  VersionCache(Path folder, Consumer<String> progress, Cancellation cancellation) {
    this.folder = folder;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * The usual folder: {@code gpubench/versions} in {@code XDG_CACHE_HOME}, or else in {@code
   * .cache} of {@code HOME}; empty where neither is an absolute path.
   */
  static Optional<Path> usualFolder(Map<String, String> environment) {
    return absolute(environment.get("XDG_CACHE_HOME"))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".cache")))
        .map(cache -> cache.resolve("gpubench").resolve("versions"));
  }

  private static Optional<Path> absolute(@Nullable String folder) {
    return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
  }

  /** How an entry is made, and unmade. */
  interface Maker {
    /**
     * Makes the folder, which is not there yet.
     *
     * @param log a file for what programs have to say; it stays when this fails
     */
    void make(Path entry, Path log) throws IOException;

    /** Forgets what was made, before the folder is removed. */
    default void discard(Path entry) throws IOException {}
  }

  /**
   * The folder of an entry, which is made when it is not there.
   *
   * @param name a file name
   * @throws StoreException when the cache cannot be written
   */
  Path entry(String name, Maker maker) {
    Path entry = folder.resolve(name);
    if (ready(entry)) {
      return entry;
    }
    OWN_LOCK.lock();
    try {
      Files.createDirectories(folder);
      try (var channel =
              FileChannel.open(
                  beside(entry, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = lock(channel, name)) {
        if (!ready(entry)) {
          makeAnew(entry, maker);
        }
      }
      return entry;
    } catch (IOException e) {
      throw new StoreException(
          "cannot keep the version in " + folder + ": " + StoreErrors.text(e), e);
    } finally {
      OWN_LOCK.unlock();
    }
  }

  private static void makeAnew(Path entry, Maker maker) throws IOException {
    if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) { // of a process that was killed
      maker.discard(entry);
      delete(entry);
    }
    Path log = beside(entry, ".log");
    boolean made = false;
    try {
      maker.make(entry, log);
      Files.writeString(beside(entry, ".ready"), "");
      Files.deleteIfExists(log);
      made = true;
    } finally {
      if (!made) {
        maker.discard(entry);
        delete(entry);
      }
    }
  }

  private FileLock lock(FileChannel channel, String name) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      progress.accept("waiting for another gpubench, which prepares the version " + name);
    }
    while (lock == null) {
      if (cancellation.requested()) {
        throw new EngineException("interrupted while another version was prepared");
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineException("interrupted while another version was prepared", e);
      }
      lock = channel.tryLock();
    }
    return lock;
  }

  private static boolean ready(Path entry) {
    return Files.exists(beside(entry, ".ready")) && Files.isDirectory(entry);
  }

  private static Path beside(Path entry, String suffix) {
    return entry.resolveSibling(entry.getFileName() + suffix);
  }

  private static void delete(Path entry) throws IOException {
    Files.deleteIfExists(beside(entry, ".ready"));
    if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> tree = Files.walk(entry)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
