// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.worker.Received.Ended;
import io.gpubench.measure.worker.Received.Manner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's side of a worker: owns the child process, its three pipes, and a daemon
 * thread for each of them. Used by one thread, which closes it. No wait is without a bound, and an
 * interrupt, whose flag is kept, makes an end of the worker instead of leaving it behind.
 *
 * <p>When this JVM ends first, however it does, the worker's stdin is at its end. A worker that
 * does not care is ended by the guard; without a guard, nothing does.
 */
final class WorkerProcess implements AutoCloseable {
  private static final int LONGEST_LINE = 64 << 20;

  /** Between the end of stdout and that of the process, which may have to leave a driver. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  /** For the reader to see what was written last. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** The guard takes 11 s at most. */
  private static final Duration GUARDED_KILL = Duration.ofSeconds(12);

  private static final Duration KILL = Duration.ofSeconds(10);

  /** With this the guard says that a process cannot be killed. */
  private static final int GUARD_GAVE_UP = 124;

  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  private final Process process;
  private final boolean guarded;
  private final LineWriter stdin;
  private final LineReader stdout;
  private final TailReader stderr;
  private final Thread stderrThread;
  private @Nullable Ended ended;

  private WorkerProcess(Process process, boolean guarded, int longestLine) {
    this.process = process;
    this.guarded = guarded;
    stdin = new LineWriter(process.getOutputStream());
    stdout = new LineReader(process.getInputStream(), longestLine);
    stderr = new TailReader(process.getErrorStream());
    startThread("stdin", stdin);
    startThread("stdout", stdout);
    stderrThread = startThread("stderr", stderr);
    // stdout may outlive the worker, in the hands of what the worker has started.
    var _ =
        process
            .onExit()
            .thenRunAsync(
                stdout::abandon,
                CompletableFuture.delayedExecutor(LAST_WORDS.toMillis(), MILLISECONDS));
  }

  private Thread startThread(String pipe, Runnable body) {
    return Thread.ofPlatform().daemon().name("worker-" + process.pid() + "-" + pipe).start(body);
  }

  /**
   * Starts a worker.
   *
   * @throws EngineException one line: the program is missing or not executable, or the folder or
   *     the guard is missing
   */
  static WorkerProcess start(WorkerCommand command) {
    return start(command, LONGEST_LINE);
  }

  /**
   * @param longestLine of the worker's stdout, in bytes
   */
  static WorkerProcess start(WorkerCommand command, int longestLine) {
    command.check();
    var builder = new ProcessBuilder(command.commandLine()).directory(command.folder().toFile());
    builder.environment().putAll(command.environment());
    try {
      return new WorkerProcess(builder.start(), command.guard() != null, longestLine);
    } catch (IOException e) {
      throw new EngineException("cannot start the worker: " + e.getMessage(), e);
    }
  }

  /** The child's number: the guard's if there is one, else the worker's. */
  long pid() {
    return process.pid();
  }

  /**
   * Sends a line and returns at once. A line that the worker does not read, or can no longer read,
   * is lost; what has become of the worker is found by {@link #receive}.
   *
   * @param line without a line feed
   */
  void send(byte[] line) {
    stdin.write(line);
  }

  /**
   * Waits for a line. When there is none any more, waits for the process as well, for a few seconds
   * at most, and kills it if it lives on; so it does when the thread is interrupted.
   *
   * @param timeoutNanos the longest wait for a line; with 0 it takes what has come
   */
  Received receive(long timeoutNanos) {
    if (ended != null) {
      return ended;
    }
    Received received;
    try {
      received = stdout.take(timeoutNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return kill();
    }
    if (received != null) {
      return received;
    }
    return stdout.isDone() ? awaitEnd(LEAVING) : new Received.Silent();
  }

  /**
   * The last of what the worker has written to stderr: at most 40 lines and 8 KiB, without control
   * characters but line feed and tab. Once the worker has ended, all of it has been read.
   */
  String stderrTail() {
    if (!process.isAlive()) {
      uninterrupted(LAST_WORDS, limit -> stderrThread.join(limit));
    }
    return stderr.tail();
  }

  /**
   * Closes the worker's stdin, which tells it to end, and waits; kills it when it does not.
   *
   * @param patience how long it may take; the guard, if there is one, allows 2 s
   */
  Ended end(Duration patience) {
    if (ended != null) {
      return ended;
    }
    stdin.close();
    stdout.close();
    return awaitEnd(patience);
  }

  /** Kills the worker if it is still alive. */
  @Override
  public void close() {
    if (ended == null) {
      kill();
    }
  }

  private Ended awaitEnd(Duration patience) {
    try {
      if (!process.waitFor(patience)) {
        return kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return kill();
    }
    return ended(Manner.BY_ITSELF);
  }

  private Ended kill() {
    if (!process.isAlive()) {
      return ended(Manner.BY_ITSELF);
    }
    // Not by Process.destroy, which closes the pipes, with the last words in them.
    ProcessHandle child = process.toHandle();
    if (guarded) {
      child.destroy();
      if (!awaitExit(GUARDED_KILL)) {
        child.destroyForcibly();
        awaitExit(KILL);
        return ended(Manner.SURVIVED);
      }
      return ended(process.exitValue() == GUARD_GAVE_UP ? Manner.SURVIVED : Manner.KILLED);
    }
    // Whoever has daemonised, or is forked just now, escapes; that takes a guard.
    List<ProcessHandle> descendants = child.descendants().toList();
    child.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    return ended(awaitExit(KILL) ? Manner.KILLED : Manner.SURVIVED);
  }

  private Ended ended(Manner manner) {
    stdin.close();
    stdout.close();
    int status = process.isAlive() ? -1 : process.exitValue();
    ended = new Ended(status, manner, stdout.unfinished());
    return ended;
  }

  private boolean awaitExit(Duration limit) {
    return uninterrupted(limit, process::waitFor);
  }

  private interface Wait {
    boolean await(Duration limit) throws InterruptedException;
  }

  /** The interrupt is seen afterwards. */
  private static boolean uninterrupted(Duration limit, Wait wait) {
    long start = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.await(limit.minusNanos(System.nanoTime() - start));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * What an exit status tells, such as {@code exit status 3} or {@code killed by SIGKILL (9)}.
   *
   * @param status 0 to 255; 128 and a signal's number where it died of that
   */
  static String describe(int status) {
    int signal = status - 128;
    if (signal > 0 && signal <= 64) {
      String name = SIGNALS.get(signal);
      return name == null
          ? "killed by signal " + signal
          : "killed by " + name + " (" + signal + ")";
    }
    return switch (status) {
      case 126 -> "exit status 126: command cannot be executed";
      case 127 -> "exit status 127: command not found";
      default -> "exit status " + status;
    };
  }
}
