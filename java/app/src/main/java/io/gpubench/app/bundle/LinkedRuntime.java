// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Links a Java runtime with the modules that a class path needs and no others. */
final class LinkedRuntime {
  /**
   * What libraries could use but do without: java.desktop is for Jackson's annotations of Java
   * Beans, java.scripting for a text substitution that gpubench does not offer. Nothing is added to
   * what jdeps finds, since nothing of ours is loaded by name alone.
   */
  private static final List<String> LEFT_OUT = List.of("java.desktop", "java.scripting");

  private final Path jdk;
  private final Path log;

  /**
   * Takes a JDK whose tools are there.
   *
   * @param log a file for their complaints
   */
  LinkedRuntime(Path jdk, Path log) {
    this.jdk = jdk;
    this.log = log;
    for (String tool : List.of("jdeps", "jlink")) {
      if (!Files.isExecutable(tool(tool))) {
        throw new BundleException(
            tool + " is missing in " + jdk + "; set JAVA_HOME to a complete JDK");
      }
    }
  }

  /**
   * Links the runtime.
   *
   * @param classPath jars and folders of classes
   * @param more modules that something else needs
   * @param target a folder that does not exist yet
   */
  void link(List<Path> classPath, Set<String> more, Path target)
      throws IOException, InterruptedException {
    var modules = new TreeSet<>(modules(classPath));
    modules.addAll(more);
    run(
        "jlink",
        "--add-modules",
        String.join(",", modules),
        "--strip-java-debug-attributes",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        target.toString());
  }

  /** The modules of the JDK that a class path needs, in the order of their names. */
  List<String> modules(List<Path> classPath) throws IOException, InterruptedException {
    List<String> entries = classPath.stream().map(Path::toString).toList();
    var arguments =
        new ArrayList<>(
            List.of("-q", "--ignore-missing-deps", "--print-module-deps", "--multi-release"));
    arguments.add(String.valueOf(Runtime.version().feature()));
    arguments.add("--class-path");
    arguments.add(entries.stream().collect(Collectors.joining(File.pathSeparator)));
    arguments.addAll(entries);
    String found = run("jdeps", arguments.toArray(String[]::new));
    var modules = new ArrayList<>(List.of(found.strip().split(",")));
    modules.removeAll(LEFT_OUT);
    return modules;
  }

  /**
   * Runs a tool; returns what it printed. In this process jlink would not make the same image
   * twice: it lets the JVM write classes that depend on what has run before.
   */
  private String run(String tool, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of(tool(tool).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new BundleException(
          "%s of %s failed: %s"
              .formatted(
                  tool,
                  jdk,
                  (said + Files.readString(log)).lines().findFirst().orElse("exit code " + code)));
    }
    return said;
  }

  private Path tool(String name) {
    return jdk.resolve("bin").resolve(name);
  }
}
