// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.Printable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who holds a lock, as the holder wrote it to a file beside the lock. The file is only a hint for
 * people: it says nothing about whether the lock is held, may be left by a process that is dead,
 * and anybody may have written it.
 *
 * @param pid the process
 * @param started when the process started; null where the system does not tell
 * @param since when it took the lock
 * @param bytes which bytes of the lock file it has, as a {@link CpuSet}
 * @param command its command line, shortened
 */
record LockHolder(
    long pid, @Nullable Instant started, Instant since, String bytes, String command) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String SUFFIX = ".holder";
  private static final int LONGEST_COMMAND = 80;
  private static final int LONGEST_FILE = 4096;
  private static final int READABLE_BY_ALL = 0644;

  /** What two processes may make different of the start of a third. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  private static LockHolder thisProcess(CpuSet bytes) {
    ProcessHandle self = ProcessHandle.current();
    return new LockHolder(
        self.pid(),
        self.info().startInstant().orElse(null),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        bytes.toString(),
        Printable.ascii(command(System.getProperty("sun.java.command", "java")), LONGEST_COMMAND));
  }

  /** A main class of ours is called by the name of the tool. */
  private static String command(String line) {
    return line.replaceFirst("^io\\.gpubench\\.\\S+", "gpubench");
  }

  /**
   * Writes that this process holds bytes of a lock.
   *
   * @return the file, to be deleted before the lock is given up; empty if it cannot be written,
   *     which does no harm
   */
  static Optional<Path> announce(LockFolder folder, String lock, CpuSet bytes) {
    LockHolder self = thisProcess(bytes);
    Path file =
        folder.path().resolve(lock + "." + self.pid + "-" + NUMBER.incrementAndGet() + SUFFIX);
    try {
      Files.deleteIfExists(file); // of an earlier process of this number
      Files.write(file, JSON.writeValueAsBytes(self), StandardOpenOption.CREATE_NEW);
      Files.setAttribute(file, "unix:mode", READABLE_BY_ALL);
      return Optional.of(file);
    } catch (IOException _) {
      withdraw(file);
      return Optional.empty();
    }
  }

  /** Removes what {@link #announce} wrote. */
  static void withdraw(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // nobody believes it once the lock is free
    }
  }

  /**
   * The process that seems to hold one of these bytes of a lock that was just refused; empty if no
   * living process says so.
   */
  static Optional<LockHolder> of(LockFolder folder, String lock, CpuSet bytes) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder.path(), lock + ".*" + SUFFIX)) {
      for (Path file : files) {
        Optional<LockHolder> holder = read(file);
        if (holder.isPresent()
            && holder.get().lives()
            && CpuSet.parse(holder.get().bytes).intersects(bytes)) {
          return holder;
        }
      }
    } catch (IOException | RuntimeException _) {
      // then nobody knows
    }
    return Optional.empty();
  }

  private static Optional<LockHolder> read(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.size(file) <= LONGEST_FILE
          ? Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), LockHolder.class))
          : Optional.empty();
    } catch (IOException | JacksonException _) {
      return Optional.empty();
    }
  }

  private boolean lives() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> {
          Instant start = process.info().startInstant().orElse(null);
          return start == null
              || started == null
              || Duration.between(start, started).abs().compareTo(CLOCK_STEP) < 0;
        })
        .isPresent();
  }

  /** {@code process 4711 (gpubench run consensus, since 2026-11-21T09:00:00Z)}. */
  @Override
  public String toString() {
    return "process %d (%s, since %s)"
        .formatted(pid, Printable.ascii(command, LONGEST_COMMAND), since);
  }
}
