// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Shell scripts as workers in a folder, with a mark in their environment, by which all processes
 * are found that they leave behind.
 */
final class Workers {
  private static final String MARK = "GPUBENCH_TEST_MARK";

  private final String mark = UUID.randomUUID().toString();
  private final Path folder;
  private final boolean guarded;

  Workers(Path folder, boolean guarded) {
    this.folder = folder;
    this.guarded = guarded;
  }

  /** The guard: of a bundle, then of a source checkout. */
  static Optional<Path> guard() {
    Path root = Path.of(System.getProperty("gpubench.root", "."));
    return Stream.of("lib", "native/build")
        .map(place -> root.resolve(place).resolve("gpubench-guard"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  WorkerCommand command(String... arguments) {
    return new WorkerCommand(
        List.of(arguments),
        Map.of(MARK, mark),
        folder,
        guarded ? guard().orElseThrow() : null,
        null);
  }

  WorkerProcess start(String script) {
    return WorkerProcess.start(command("sh", "-c", script));
  }

  /** Waits for the end of all: without a guard they are killed but not waited for. */
  void assertNobodyLeft() throws Exception {
    List<String> left = marked();
    for (int tries = 0; !guarded && !left.isEmpty() && tries < 500; tries++) {
      Thread.sleep(20);
      left = marked();
    }
    assertEquals(List.of(), left);
  }

  /** Kills whatever a failed test has left. */
  void killAll() throws IOException {
    for (String pid : marked()) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Zombies have no environment. */
  private List<String> marked() throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(this::isMarked)
          .map(process -> process.getFileName().toString())
          .toList();
    }
  }

  private boolean isMarked(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("environ")), UTF_8)
          .contains(MARK + "=" + mark);
    } catch (IOException e) {
      return false; // gone, or somebody else's
    }
  }
}
