// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a fresh JVM with the class path of this one. */
public final class JavaProcess {
  private JavaProcess() {}

  /** That runs a main class with the options under which all benchmarks run. */
  public static List<String> command(String mainClass, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    String home = System.getProperty("gpubench.home");
    if (home != null) {
      command.add("-Dgpubench.home=" + home);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
