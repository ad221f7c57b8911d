// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Directories to be sealed, and tools that know nothing of gpubench. */
final class Folders {
  static final Manifest.Header HEADER =
      new Manifest.Header(
          "run-1",
          new Manifest.Tool("gpubench", "0.1.0", "unknown", false),
          List.of(new Manifest.Kernel("host", "library", "0".repeat(64))),
          new Manifest.Seeds(7L, List.of(1L, 2L)));

  private Folders() {}

  /** Files of every awkward size, in folders. */
  static Path filled(Path directory, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    for (String name : List.of("run.json", "samples/b.2.csv", "samples/a.1.csv", "x y/-z")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      byte[] bytes = new byte[random.nextInt(300_000)];
      random.nextBytes(bytes);
      Files.write(file, bytes);
    }
    Files.createFile(directory.resolve("samples/empty.csv"));
    return directory;
  }

  /** What a tool came to. */
  record Answer(int exit, String output) {}

  static boolean has(String tool) throws IOException, InterruptedException {
    return run(Path.of("."), "sh", "-c", "command -v " + tool).exit() == 0;
  }

  static Answer run(Path folder, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(command) + " does not end");
    }
    return new Answer(process.exitValue(), output);
  }
}
