// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * A Java runtime with the modules that the class path needs and no others, linked from the JDK that
 * runs this.
 */
final class LinkedRuntime {
  /**
   * What libraries could use but do without: java.desktop is for Jackson's annotations of Java
   * Beans, java.scripting for a text substitution that gpubench does not offer. Nothing is added to
   * what jdeps finds, since nothing is loaded by name alone.
   */
  private static final List<String> LEFT_OUT = List.of("java.desktop", "java.scripting");

  private LinkedRuntime() {}

  /**
   * Links a runtime.
   *
   * @param classPath jars and folders of classes
   * @param target a folder that does not exist yet
   */
  static void link(List<Path> classPath, Path target) {
    run(
        "jlink",
        "--add-modules",
        String.join(",", modules(classPath)),
        "--strip-java-debug-attributes",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        target.toString());
  }

  static List<String> modules(List<Path> classPath) {
    String joined =
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    List<String> arguments =
        new ArrayList<>(
            List.of("-q", "--ignore-missing-deps", "--print-module-deps", "--multi-release"));
    arguments.add(String.valueOf(Runtime.version().feature()));
    arguments.addAll(List.of("--class-path", joined));
    classPath.forEach(entry -> arguments.add(entry.toString()));
    String found = run("jdeps", arguments.toArray(String[]::new));
    var modules = new ArrayList<>(List.of(found.strip().split(",")));
    modules.removeAll(LEFT_OUT);
    return modules;
  }

  /** Runs a tool of the JDK in this process; returns what it printed on stdout. */
  private static String run(String name, String... arguments) {
    String home = System.getProperty("java.home");
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() ->
                new BundleException(
                    name + " is missing in " + home + "; set JAVA_HOME to a complete JDK"));
    var out = new StringWriter();
    var err = new StringWriter();
    if (tool.run(new PrintWriter(out), new PrintWriter(err), arguments) != 0) {
      String said = (err.toString() + out).lines().findFirst().orElse("no message");
      throw new BundleException(name + " of " + home + " failed: " + said);
    }
    return out.toString();
  }
}
