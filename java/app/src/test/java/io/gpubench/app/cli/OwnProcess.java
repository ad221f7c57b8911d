// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs command lines in a process of their own, for what one process cannot do twice. */
final class OwnProcess {
  private OwnProcess() {}

  /** Waits for its end. */
  static Answer execute(Path temp, String... arguments) {
    return new Running(temp, arguments).end();
  }

  /** Asks it to stop when it has begun a run, and so many milliseconds have passed since then. */
  static Answer interrupt(Path temp, Path store, long millis, String... arguments) {
    var running = new Running(temp, arguments);
    try {
      while (running.process.isAlive() && !hasRun(store)) {
        boolean _ = running.process.waitFor(10, TimeUnit.MILLISECONDS);
      }
      boolean _ = running.process.waitFor(millis, TimeUnit.MILLISECONDS);
      running.process.destroy();
      return running.end();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean hasRun(Path store) throws IOException {
    if (Files.notExists(store)) {
      return false;
    }
    try (Stream<Path> runs = Files.list(store)) {
      return runs.anyMatch(run -> Files.exists(run.resolve("run.json")));
    }
  }

  /** One that was started. */
  private static final class Running {
    final Process process;
    private final Path out;
    private final Path err;

    Running(Path temp, String... arguments) {
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dgpubench.locks=" + temp.resolve("locks"),
                  "-Dgpubench.home=" + CommandLineFixture.ROOT,
                  "-cp",
                  System.getProperty("java.class.path"),
                  GpubenchMain.class.getName()));
      command.addAll(List.of(arguments));
      try {
        out = Files.createTempFile(temp, "out", "");
        err = Files.createTempFile(temp, "err", "");
        var builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        CommandLineFixture.forget(builder.environment());
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Answer end() {
      try {
        int exit = process.waitFor();
        return new Answer(exit, CommandLineFixture.read(out), CommandLineFixture.read(err));
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new IllegalStateException(e);
      }
    }
  }
}
