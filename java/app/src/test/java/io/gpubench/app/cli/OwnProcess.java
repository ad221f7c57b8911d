// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs command lines in a process of their own, for what one process cannot do twice. */
final class OwnProcess {
  private OwnProcess() {}

  /** Waits for its end. */
  static Answer execute(Path temp, String... arguments) {
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
      Path out = Files.createTempFile(temp, "out", "");
      Path err = Files.createTempFile(temp, "err", "");
      var builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      CommandLineFixture.forget(builder.environment());
      int exit = builder.start().waitFor();
      return new Answer(exit, CommandLineFixture.read(out), CommandLineFixture.read(err));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
