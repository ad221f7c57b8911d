// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.measure.StoreErrors;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where plugins lie: the jars and folders that {@value #VARIABLE} names, separated as on a class
 * path; where it is not set, the folder {@code gpubench/plugins} of the user's data. A folder
 * stands for the jars in it.
 */
final class PluginPath {
  static final String VARIABLE = "GPUBENCH_PLUGINS";

  private final List<Path> jars = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  PluginPath(Map<String, String> environment) {
    String named = environment.get(VARIABLE);
    if (named == null) {
      usual(environment).filter(Files::isDirectory).ifPresent(this::folder);
      return;
    }
    for (String place : named.split(File.pathSeparator)) {
      if (!place.isBlank()) {
        add(place);
      }
    }
  }

  /** The folder of a user's plugins; empty where the user has no folder at all. */
  private static Optional<Path> usual(Map<String, String> environment) {
    return absolute(environment.get("XDG_DATA_HOME"))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".local/share")))
        .map(folder -> folder.resolve("gpubench").resolve("plugins"));
  }

  private static Optional<Path> absolute(@Nullable String folder) {
    return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
  }

  private void add(String place) {
    try {
      Path path = Path.of(place);
      if (Files.isDirectory(path)) {
        folder(path);
      } else if (Files.exists(path)) {
        jars.add(path);
      } else {
        problems.add(VARIABLE + " names " + place + ", which does not exist");
      }
    } catch (InvalidPathException e) {
      problems.add(VARIABLE + " names " + place + ", which is no file's name: " + e.getReason());
    }
  }

  private void folder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
    } catch (IOException e) {
      problems.add("plugins in " + folder + ": cannot be listed: " + StoreErrors.text(e));
    }
  }

  /** The jars in their order. */
  List<Path> jars() {
    return jars;
  }

  /** What is wrong with the path, a line each. */
  List<String> problems() {
    return problems;
  }
}
