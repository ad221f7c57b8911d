// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.workers.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that answer for a gpubench: a script in the launcher's place, and the configuration. */
record VersionFixture(Path temp) {

  /**
   * A version whose workers are of this one.
   *
   * @param name of the folder, and its version
   * @param flag for their Java
   */
  Path home(String name, String flag) throws IOException {
    Path home = Files.createDirectory(temp.resolve(name));
    Path configs = CommandLineFixture.ROOT.resolve("configs");
    try (Stream<Path> all = Files.walk(configs)) {
      for (Path path : all.toList()) {
        Files.copy(path, home.resolve("configs").resolve(configs.relativize(path)));
      }
    }
    launcher(
        home,
        name,
        "exec '%s/bin/java' -Dgpubench.home='%s' %s --enable-native-access=ALL-UNNAMED -cp '%s' %s \"$3\""
            .formatted(
                System.getProperty("java.home"),
                CommandLineFixture.ROOT,
                flag,
                System.getProperty("java.class.path"),
                WorkerMain.class.getName()));
    return home;
  }

  /**
   * A script in the launcher's place, which notes each worker in the file {@code started}.
   *
   * @param worker what it does for one
   */
  void launcher(Path home, String version, String worker) throws IOException {
    Path script =
        Files.writeString(
            home.resolve("gpubench"),
            """
            #!/bin/sh
            if [ "$1" = --version ]; then echo 'gpubench %s'; exit; fi
            [ "$1 $2" = 'worker --engine' ] || exit 9
            echo "$3" >>'%s/started'
            %s
            """
                .formatted(version, home, worker));
    assertTrue(script.toFile().setExecutable(true));
  }
}
