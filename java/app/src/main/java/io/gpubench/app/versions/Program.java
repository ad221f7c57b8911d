// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.versions;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import io.gpubench.measure.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a program to its end, without a terminal. Used by one thread. */
final class Program {
  private static final long POLL_MILLIS = 50;

  /** Somebody who calls us from a hook means that repository, and not the one we look at. */
  private static final List<String> NOT_FOR_GIT =
      List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX");

  private final Cancellation cancellation;

  Program(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * What a program came to.
   *
   * @param out what it printed
   * @param err what it complained of
   */
  record Ended(int code, String out, String err) {
    boolean well() {
      return code == 0;
    }

    /** Its last complaint that a person can use, on one line. */
    String complaint() {
      List<String> lines = err.lines().filter(line -> !line.isBlank()).toList();
      return lines.stream()
          .filter(line -> line.startsWith("gpubench: ") || line.startsWith("fatal: "))
          .reduce((_, last) -> last)
          .or(() -> lines.stream().reduce((_, last) -> last))
          .map(line -> Printable.line(line.replaceFirst("^(gpubench|fatal): ", "")))
          .orElse("exit code " + code);
    }
  }

  /**
   * Runs it.
   *
   * @param log takes its complaints; null for nowhere else
   * @throws IOException when it cannot be started
   * @throws EngineException when it was cancelled; it is gone
   */
  Ended run(List<String> command, Map<String, String> environment, @Nullable Path log)
      throws IOException {
    Path out = Files.createTempFile("gpubench", ".out");
    Path err = log == null ? Files.createTempFile("gpubench", ".err") : log;
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeAll(NOT_FOR_GIT);
      builder.environment().put("LC_ALL", "C");
      builder.environment().putAll(environment);
      int code = await(builder.start());
      return new Ended(code, text(out), text(err));
    } finally {
      Files.deleteIfExists(out);
      if (log == null) {
        Files.deleteIfExists(err);
      }
    }
  }

  private static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return Printable.text(bytes, 0, bytes.length);
  }

  private int await(Process process) {
    try {
      while (!process.waitFor(POLL_MILLIS, MILLISECONDS)) {
        if (cancellation.requested()) {
          throw new EngineException("interrupted while another version was prepared");
        }
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while another version was prepared", e);
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
    }
  }
}
