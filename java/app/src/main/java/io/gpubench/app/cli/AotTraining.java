// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.ffi.NativeLibraries;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the build runs once, to record which classes a start needs: every command, and a short run
 * on each engine. Prints nothing.
 */
public final class AotTraining {
  private AotTraining() {}

  /** Runs the commands one after the other; a failure among them fails the build. */
  public static void main(String[] args) throws IOException {
    Path store = Files.createTempDirectory("gpubench-training-");
    try {
      run("--help");
      run("run", "--help");
      run("list", "workloads");
      run("list", "profiles");
      run("list", "engines");
      run("plan");
      run("list", "devices");
      for (List<String> choice :
          List.of(
              List.of("--engine", "auto"),
              List.of("--engine", "java"),
              // a process that has this machine's driver open cannot have the simulated device too
              NativeLibraries.has("cuda")
                  ? List.of("--engine", "cuda")
                  : List.of("--device", "sim"))) {
        run(
            "run",
            "consensus",
            choice.getFirst(),
            choice.getLast(),
            "--set",
            "consensus.validators=1000",
            "--samples",
            "20",
            "--out",
            store.toString());
      }
    } finally {
      try (Stream<Path> files = Files.walk(store)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void run(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var app = GpubenchMain.app(Map.of(), new Terminal(false, false), nowhere, nowhere);
    int code = GpubenchMain.execute(app, args);
    // a slow machine may doubt its own times; only a command that does not work is a reason to stop
    if (code == ExitCode.INTERNAL.number || code == ExitCode.USAGE.number) {
      throw new IllegalStateException(String.join(" ", args) + " ended with " + code);
    }
  }
}
