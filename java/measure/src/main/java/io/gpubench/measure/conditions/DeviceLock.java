// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The right to measure on a device, undisturbed by other runs of gpubench on this machine. Whoever
 * acquired it closes it, on any thread; the system takes it back from a process that dies.
 *
 * <p>A run on the processors has its CPUs for itself. A run on another device has that device for
 * itself, and shares the CPUs that feed it with runs on further devices. These are locks of files
 * in a {@link LockFolder}: one byte of {@code processors.lock} for each CPU, and a file for each
 * other device. In one process any two locks of the same device or CPU exclude each other.
 */
public final class DeviceLock implements AutoCloseable {
  private static final CpuSet FIRST_BYTE = CpuSet.parse("0");
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int LONGEST_NAME = 100;

  private final Deque<LockFile> files = new ArrayDeque<>();
  private final Deque<FileLock> locks = new ArrayDeque<>();
  private final Deque<Path> announcements = new ArrayDeque<>();

  private DeviceLock() {}

  /** What came of the attempt to get a lock. */
  public sealed interface Result {
    /** One line for the record. */
    String note();
  }

  /** The lock is there, and its receiver closes it. */
  public record Acquired(DeviceLock lock) implements Result {
    @Override
    public String note() {
      return "locked";
    }
  }

  /**
   * Another run uses the device, or the CPUs.
   *
   * @param deviceId what is in use
   * @param by whom, as far as known
   */
  public record Held(String deviceId, String by) implements Result {
    @Override
    public String note() {
      return "device " + deviceId + " is in use by " + by;
    }
  }

  /**
   * There can be no lock here, so nobody knows of other runs.
   *
   * @param why in a few words
   */
  public record Unavailable(String why) implements Result {
    @Override
    public String note() {
      return "no lock: " + why;
    }
  }

  /**
   * Takes the lock if it is free.
   *
   * @param deviceIds what the run uses, by {@link Session#deviceId()}
   * @param cpus the CPUs that the run may use
   */
  public static Result tryAcquire(LockFolder folder, Set<String> deviceIds, CpuSet cpus) {
    var lock = new DeviceLock();
    try {
      boolean shared = !deviceIds.contains(Session.PROCESSORS);
      Held held = null;
      for (String deviceId : new TreeSet<>(deviceIds)) {
        if (held == null && !deviceId.equals(Session.PROCESSORS)) {
          held = lock.take(folder, deviceId, FIRST_BYTE, false);
        }
      }
      if (held == null) {
        held = lock.take(folder, Session.PROCESSORS, cpus, shared);
      }
      if (held == null) {
        return new Acquired(lock);
      }
      lock.close();
      return held;
    } catch (IOException e) {
      lock.close();
      return new Unavailable(folder.problem(e));
    }
  }

  /**
   * Takes the lock as soon as it is free.
   *
   * @param atMost when to give up
   * @param cancellation ends the waiting early
   * @return never later than a moment after {@code atMost}; {@link Held} if it was in vain
   */
  public static Result acquire(
      LockFolder folder,
      Set<String> deviceIds,
      CpuSet cpus,
      Duration atMost,
      Cancellation cancellation) {
    return acquire(folder, deviceIds, cpus, atMost, cancellation, TimeSource.SYSTEM);
  }

  static Result acquire(
      LockFolder folder,
      Set<String> deviceIds,
      CpuSet cpus,
      Duration atMost,
      Cancellation cancellation,
      TimeSource time) {
    long start = time.nanos();
    while (true) {
      Result result = tryAcquire(folder, deviceIds, cpus);
      long left = atMost.toNanos() - (time.nanos() - start);
      if (!(result instanceof Held)
          || left <= 0
          || cancellation.requested()
          || !time.sleep(Duration.ofNanos(Math.min(left, POLL.toNanos())))) {
        return result;
      }
    }
  }

  /** Locks bytes of a device's file; says who prevents it. */
  private @Nullable Held take(LockFolder folder, String deviceId, CpuSet bytes, boolean shared)
      throws IOException {
    String name = fileName(deviceId);
    LockFile file = LockFile.open(folder, name + ".lock");
    files.push(file);
    for (CpuSet.Range range : bytes.ranges()) {
      FileLock lock;
      try {
        lock = file.tryLock(range, shared);
      } catch (OverlappingFileLockException _) {
        return new Held(deviceId, "this process");
      }
      if (lock == null) {
        return new Held(
            deviceId,
            LockHolder.of(folder, name, bytes).map(LockHolder::toString).orElse("another process"));
      }
      locks.push(lock);
    }
    LockHolder.announce(folder, name, bytes).ifPresent(announcements::push);
    return null;
  }

  private static String fileName(String deviceId) {
    String name = deviceId.replaceAll("[^A-Za-z0-9_-]", "_");
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  @Override
  public void close() {
    while (!announcements.isEmpty()) {
      LockHolder.withdraw(announcements.pop());
    }
    try {
      while (!locks.isEmpty()) {
        locks.pop().release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      while (!files.isEmpty()) {
        files.pop().close();
      }
    }
  }
}
