// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes bundles with the launcher of this checkout and runs them as another machine would. Whoever
 * opens it closes it.
 */
final class BundleFixture implements AutoCloseable {
  static final Path LAUNCHER = CommandLineFixture.ROOT.resolve("gpubench");

  /** Of coreutils, what a script might use; nothing else is on the PATH of the other machine. */
  private static final String TOOLS =
      "bash env readlink dirname basename cat cp cut date head id ls mkdir mktemp mv nproc rm sort"
          + " stat tail tee touch tr tty uname wc";

  private final Path temp;
  private final Path bin;

  BundleFixture(Path temp) throws IOException {
    this.temp = temp;
    bin = tools("");
  }

  /** Packs in haste: what is small enough so is smaller as users get it. */
  Answer make(String... options) throws Exception {
    var environment = new TreeMap<>(System.getenv());
    CommandLineFixture.forget(environment);
    environment.put("XZ_OPT", "-0");
    return start(
        environment, temp, LAUNCHER, Stream.concat(Stream.of("bundle"), Stream.of(options)));
  }

  /** Unpacks an archive into a new folder; returns what is in it. */
  Path unpack(Path archive, String place) throws Exception {
    Path folder = Files.createDirectory(temp.resolve(place));
    var tar = new ProcessBuilder("tar", "-C", folder.toString(), "-xf", archive.toString());
    assertEquals(0, tar.inheritIO().start().waitFor());
    return CommandLineFixture.onlyEntry(folder);
  }

  /** Runs a bundle with a PATH of coreutils and, but for what is given, no other variable. */
  Answer run(Path bundle, Map<String, String> more, Path folder, String... args) throws Exception {
    var environment = new TreeMap<>(more);
    environment.put("PATH", bin.toString());
    environment.merge(
        "GPUBENCH_JAVA_OPTS",
        "-Dgpubench.locks=" + temp.resolve("locks"),
        (one, other) -> one + " " + other);
    return start(environment, folder, bundle.resolve("gpubench"), Stream.of(args));
  }

  /** Runs a program with these variables and no others. */
  Answer start(Map<String, String> environment, Path folder, Path program, Stream<String> args)
      throws Exception {
    Path out = Files.createTempFile(temp, "out", ".txt");
    Path err = Files.createTempFile(temp, "err", ".txt");
    var builder =
        new ProcessBuilder(Stream.concat(Stream.of(program.toString()), args).toList())
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Answer(exit, CommandLineFixture.read(out), CommandLineFixture.read(err));
  }

  /** A folder, to be the PATH, with links to coreutils, bash, and the tools named. */
  Path tools(String more) throws IOException {
    Path folder = Files.createTempDirectory(temp, "bin");
    for (String tool : (TOOLS + " " + more).strip().split(" ")) {
      for (String place : System.getenv("PATH").split(File.pathSeparator)) {
        Path found = Path.of(place, tool);
        if (Files.isExecutable(found)) {
          Files.createSymbolicLink(folder.resolve(tool), found);
          break;
        }
      }
    }
    return folder;
  }

  /** What a bundle in the making has left behind. */
  List<Path> leftOvers() throws IOException {
    var found = new ArrayList<Path>();
    for (Path folder : List.of(CommandLineFixture.ROOT.resolve("java/app/target"), temp)) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .filter(entry -> entry.getFileName().toString().matches("bundle-.*|.*\\.part"))
            .forEach(found::add);
      }
    }
    return found;
  }

  /** Removes the links that lead out of the folder, else JUnit warns of every one. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> links = Files.walk(temp)) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }
}
